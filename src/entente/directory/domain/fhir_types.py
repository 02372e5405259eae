"""Which kinds of FHIR resources the directory takes, and which it must never hold."""

from __future__ import annotations

# About people who work in health care and their organisations.
DIRECTORY_TYPES = (
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "OrganizationAffiliation",
    "Location",
)
# Kept as received, with a link to an organisation where one is named: no table of their own.
KEPT_ONLY = ("OrganizationAffiliation", "Location")

_OF_PATIENTS = """
Account AdverseEvent AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic
BodyStructure CarePlan CareTeam ChargeItem Claim ClaimResponse ClinicalImpression Communication
CommunicationRequest Composition Condition Contract Coverage CoverageEligibilityRequest
CoverageEligibilityResponse DetectedIssue DeviceRequest DeviceUseStatement DiagnosticReport
DocumentManifest DocumentReference Encounter EnrollmentRequest EnrollmentResponse EpisodeOfCare
ExplanationOfBenefit FamilyMemberHistory Flag Goal Group ImagingStudy Immunization
ImmunizationEvaluation ImmunizationRecommendation Invoice List Linkage MeasureReport Media
MedicationAdministration MedicationDispense MedicationRequest MedicationStatement
MolecularSequence NutritionOrder Observation Patient PaymentNotice PaymentReconciliation Person
Procedure Provenance QuestionnaireResponse RelatedPerson RequestGroup ResearchSubject
RiskAssessment Schedule ServiceRequest Specimen SupplyDelivery SupplyRequest Task
VisionPrescription
"""
_OTHERS = """
ActivityDefinition Binary Bundle CodeSystem ConceptMap Consent Device DeviceDefinition
DeviceMetric Endpoint HealthcareService InsurancePlan Library Measure Medication
MedicationKnowledge OperationOutcome Parameters PlanDefinition Questionnaire ResearchStudy Slot
StructureDefinition Subscription Substance ValueSet
"""
# The patient compartment, and what else describes patients or their relatives.
PATIENT_LEVEL = frozenset(_OF_PATIENTS.split())
# Named in reports; any other word that a file gives as a type is not repeated.
OTHER_KNOWN = frozenset(_OTHERS.split())

PATIENT_REMEDY = (
    "Records about patients are never taken: leave them out of the file. "
    "Nothing of this record was kept."
)
KIND_REMEDY = (
    "The directory takes Practitioner, PractitionerRole, Organization, OrganizationAffiliation, "
    "Location and Consent; leave other kinds out."
)


def is_patient_level(resource_type: str) -> bool:
    """Tell whether resources of a type are about patients or their relatives.

    Notes
    -----
    Source: FHIR R4, compartment definition "Patient", with Group, Person, Linkage, Contract,
    Task, Basic, Encounter-bound scheduling and the records of acts on them.

    Examples
    --------
    >>> is_patient_level("Observation"), is_patient_level("Organization")
    (True, False)
    """
    return resource_type in PATIENT_LEVEL


def named_type(resource_type: object) -> str:
    """Give the type for a report, or ``"resourceType"`` where the file gives no type of FHIR.

    Examples
    --------
    >>> named_type("Endpoint"), named_type("J. Doe"), named_type(["x"])
    ('Endpoint', 'resourceType', 'resourceType')
    """
    if not isinstance(resource_type, str):
        return "resourceType"
    known = resource_type in DIRECTORY_TYPES or resource_type in OTHER_KNOWN
    return resource_type if known or is_patient_level(resource_type) else "resourceType"

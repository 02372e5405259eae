"""Invented names, places and specialties, of which the world is drawn."""

from __future__ import annotations

from dataclasses import dataclass

MARK = "Invented for demonstration"

FIRST_NAMES = (
    *("Marlow", "Tavia", "Quillon", "Brisa", "Orrin", "Delphy", "Casper", "Ilse", "Wendel", "Noor"),
    *("Juniper", "Ambrose", "Sunniva", "Caius", "Linnea", "Thaddeus", "Mireille", "Ansel", "Roza"),
    *("Leopold", "Farida", "Gideon", "Petra", "Alaric", "Saoirse", "Björn", "Inés", "Kwame"),
    *("Yuki", "Emrys"),
)
LAST_STEMS = (
    *("Test", "Sample", "Demo", "Mock", "Fable", "Figment", "Example", "Pretend", "Proto"),
    *("Placehold", "Dummy", "Invent", "Notional", "Fictive", "Rehearsal", "Draft"),
)
LAST_ENDS = (
    *("well", "ford", "ridge", "by", "stone", "wick", "brook", "mere", "field", "worth", "haven"),
    *("ton", "dale", "ström", "müller", "leigh"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that is on no map; state and country are real, so that their rules apply."""

    city: str
    state: str
    zip: str
    country: str
    phone: str


# Telephone numbers lie in ranges that are set aside for fiction (555-01xx, 020 7946 0xxx,
# 030 23125 xxx, 01 99 00 xx xx).
PLACES = (
    Place("SAMPLEBURY", "CT", "060990001", "US", "2035550100"),
    Place("TESTHAVEN", "CT", "065990002", "US", "2035550110"),
    Place("EXAMPLE FALLS", "CT", "067990003", "US", "8605550120"),
    Place("MOCKPORT", "MA", "021990004", "US", "6175550130"),
    Place("FABLE HILL", "MA", "015990005", "US", "5085550140"),
    Place("NOTIONAL BAY", "RI", "028990006", "US", "4015550150"),
    Place("FIGMENT POINT", "RI", "029990007", "US", "4015550160"),
    Place("TESTBURY-ON-SAMPLE", "", "ZZ1 1ZZ", "GB", "+442079460100"),
    Place("MUSTERSTADT", "", "00001", "DE", "+493023125001"),
    Place("EXEMPLE-SUR-MER", "", "00002", "FR", "+33199000001"),
)
# Share of the people at each place, in thousandths: nine in ten in the United States.
PLACE_WEIGHTS = (170, 140, 100, 190, 140, 90, 70, 42, 33, 25)


@dataclass(frozen=True, slots=True)
class Specialty:
    """A taxonomy code with wording of our own, and the letters its holders write."""

    code: str
    grouping: str
    classification: str
    specialization: str
    credentials: tuple[str, ...]
    weight: int


_DOCTORS, _NURSES = "Doctors of medicine", "Assistants and advanced nurses"
_MD = ("M.D.", "MD", "D.O.", "MD, PhD")
SPECIALTIES = (
    Specialty("207R00000X", _DOCTORS, "Inner medicine", "", _MD, 90),
    Specialty("207RC0000X", _DOCTORS, "Inner medicine", "Heart and vessels", _MD, 150),
    Specialty("207RI0011X", _DOCTORS, "Inner medicine", "Heart catheter", _MD, 40),
    Specialty("207RE0101X", _DOCTORS, "Inner medicine", "Hormones", _MD, 35),
    Specialty("207RN0300X", _DOCTORS, "Inner medicine", "Kidney", _MD, 30),
    Specialty("207Q00000X", _DOCTORS, "Medicine for families", "", _MD, 100),
    Specialty("207P00000X", _DOCTORS, "Medicine of emergencies", "", _MD, 25),
    Specialty("207V00000X", _DOCTORS, "Women's health", "", _MD, 20),
    Specialty("208000000X", _DOCTORS, "Children's medicine", "", _MD, 25),
    Specialty("2084N0400X", _DOCTORS, "Nerves and mind", "Nerves", _MD, 25),
    Specialty("208600000X", _DOCTORS, "Operations", "", _MD, 25),
    Specialty("208G00000X", _DOCTORS, "Operations of the chest", "", _MD, 20),
    Specialty("363LF0000X", _NURSES, "Advanced nurse", "Families", ("APRN", "FNP", "N.P."), 60),
    Specialty("363LA2200X", _NURSES, "Advanced nurse", "Adults", ("APRN", "ANP"), 40),
    Specialty("363A00000X", _NURSES, "Assistant to a doctor", "", ("PA-C", "PA"), 70),
    Specialty("364S00000X", _NURSES, "Specialist nurse", "", ("CNS",), 10),
    Specialty("367500000X", _NURSES, "Nurse for anaesthesia", "", ("CRNA",), 20),
    Specialty("367A00000X", _NURSES, "Nurse for births", "", ("CNM",), 8),
    Specialty("183500000X", "Pharmacy", "Pharmacist (invented wording)", "", ("Pharm.D.",), 45),
    Specialty("163W00000X", "Nursing", "Nurse on the register", "", ("R.N.",), 40),
    Specialty("122300000X", "Teeth", "Doctor of teeth", "", ("D.D.S.", "DMD"), 15),
    Specialty("152W00000X", "Eyes", "Doctor of optometry", "", ("O.D.",), 15),
    Specialty("213E00000X", "Feet", "Doctor of feet", "", ("D.P.M.",), 10),
    Specialty("111N00000X", "Spine", "Doctor of the spine", "", ("D.C.",), 10),
    Specialty("225100000X", "Movement", "Therapist of movement", "", ("P.T.",), 15),
    Specialty("390200000X", "Learning", "Still in training", "", ("",), 10),
)
ORGANISATION_CODES = (
    ("282N00000X", "Houses", "House for the acutely ill", ""),
    ("261QM1300X", "Walk-in houses", "House for a day", "Many specialties"),
    ("3336C0003X", "Suppliers", "House of medicines", "Open to the public"),
)

HOSPITALS = (
    ("NORTHLAKE GENERAL HOSPITAL (INVENTED)", "079901", 0),
    ("SAMPLEBURY MEMORIAL HOSPITAL (INVENTED)", "079902", 1),
    ("EXAMPLE FALLS COMMUNITY HOSPITAL (INVENTED)", "079903", 2),
    ("MOCKPORT UNIVERSITY HOSPITAL (INVENTED)", "229901", 3),
    ("FABLE HILL HEART INSTITUTE (INVENTED)", "229902", 4),
    ("TESTHAVEN VETERANS HOSPITAL (INVENTED)", "07901F", 1),
    ("NOTIONAL BAY HOSPITAL (INVENTED)", "419901", 5),
    ("FIGMENT POINT CHILDREN'S HOSPITAL (INVENTED)", "419902", 6),
)
CLINICS = (
    ("NORTHLAKE CARDIOLOGY GROUP (INVENTED)", 0),
    ("SAMPLEBURY FAMILY PRACTICE (INVENTED)", 1),
    ("EXAMPLE FALLS WALK-IN CLINIC (INVENTED)", 2),
    ("MOCKPORT HEART PARTNERS (INVENTED)", 3),
    ("MOCKPORT KIDNEY CENTRE (INVENTED)", 3),
    ("FABLE HILL INTERNISTS (INVENTED)", 4),
    ("NOTIONAL BAY MEDICAL GROUP (INVENTED)", 5),
    ("FIGMENT POINT PRIMARY CARE (INVENTED)", 6),
    ("TESTHAVEN WOMEN'S CLINIC (INVENTED)", 1),
)
# Parts of NORTHLAKE GENERAL HOSPITAL, the first of the hospitals.
SUBPARTS = (
    "NORTHLAKE GENERAL HEART UNIT (INVENTED)",
    "NORTHLAKE GENERAL DAY SURGERY (INVENTED)",
    "NORTHLAKE GENERAL OUTPATIENTS (INVENTED)",
)

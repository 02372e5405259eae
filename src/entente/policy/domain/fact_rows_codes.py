"""The fact table, third part: what only codes of practice and national laws ask about.

One line per fact: name | type | unit | grain | room that supplies it | meaning | codes, if closed.
"""

# ruff: noqa: E501

ROWS = """
action.audience | text | code | action | engagement | Whom a publication is for, as it is placed | hcp patient public partner
action.first_use | boolean | - | action | engagement | Whether this is the first time the piece is used |
action.requested | boolean | - | action | engagement | Whether the recipient asked for this contact |
action.autodialled | boolean | - | action | engagement | Whether a machine dials, or a recorded voice speaks |
action.billed | boolean | - | action | engagement | Whether somebody is asked to pay for what is handed over |
action.indirect | boolean | - | action | disclosures | Whether a third party pays on the company's behalf |
action.third_party_payee | boolean | - | action | disclosures | Whether somebody else is paid at the recipient's wish |
action.third_party_name | text | reference | action | disclosures | Who is paid in the recipient's place |
action.recipient_known | boolean | - | action | disclosures | Whether the company knows who benefits in the end |
action.context_ref | text | reference | action | disclosures | Where the text that explains a transfer lies |
action.travel_class | text | code | action | engagement | Class of an air ticket | economy premium_economy business first
action.flight_minutes | integer | minutes | action | engagement | Scheduled length of the flight |
recipient.faculty | boolean | - | recipient | engagement | Whether the recipient speaks or teaches at the event |
recipient.federal_beneficiary | boolean | - | recipient | directory | Whether a patient whose care a federal programme pays |
recipient.committee_service_ended | date | day | recipient | directory | Last day of service on a formulary or guideline body; null while it lasts |
actor.state_registrations | list | USPS codes | actor | foundation | States in which the representative is registered or licensed today |
consent.written | boolean | - | recipient_channel | consent | Whether the consent was given in writing and by name of the sender |
consent.existing_relation | boolean | - | recipient_channel | consent | Whether a business relation allows contact without a separate consent |
event.is_speaker_program | boolean | - | event | engagement | Whether it is a speaker programme of the company |
event.warning_signs | integer | signs | event | engagement | Warning signs of the inspector general's alert that the event shows |
event.host_allows_meal | boolean | - | event | engagement | Whether the organiser of a third party's congress agreed to the meal |
event.apart_from_cme | boolean | - | event | engagement | Whether the meal is held apart from the accredited part |
event.at_display | boolean | - | event | engagement | Whether food or drink is offered at a congress display |
event.guidelines_ref | text | reference | event | engagement | Published guidelines under which the event is held |
event.spend_published | boolean | - | event | engagement | Whether the money spent is published and open to audit |
event.certified | boolean | - | event | engagement | Whether a signatory certified the meeting in advance |
event.abroad_justified | boolean | - | event | engagement | Whether most guests, or the expertise, come from the country of the venue |
item.offsets_practice_cost | boolean | - | action | engagement | Whether it saves the recipient a normal cost of the practice |
item.benefits_patients | boolean | - | action | engagement | Whether it directly serves the care of patients |
item.certified | boolean | - | action | engagement | Whether a signatory certified the item |
item.from_stand | boolean | - | action | engagement | Whether it is handed out at an exhibition stand |
item.for_practice | boolean | - | action | engagement | Whether it is relevant to the recipient's practice |
item.inexpensive | boolean | - | action | engagement | Whether compliance lists it as inexpensive |
item.independent_value | boolean | - | action | engagement | Whether it has a worth of its own outside the profession |
sample.patients_per_pack | integer | patients | action | engagement | Patients whom one pack serves for the needed course |
sample.receipt_missing_before | boolean | - | recipient | engagement | Whether a receipt of an earlier delivery is missing |
sample.is_starter_pack | boolean | - | action | engagement | Whether it is a starter pack |
content.says_new | boolean | - | content_market | content | Whether it calls the product new |
content.says_safe | boolean | - | content_market | content | Whether it says safe, or free of side effects, without qualification |
content.names_other_brands | boolean | - | content_market | content | Whether it names another firm's brand |
content.other_brand_consent_ref | text | reference | content_market | content | Where the other firm's consent lies |
content.hcp_endorsement | boolean | - | content_market | content | Whether an HCP recommends the brand in it |
content.peer_reviewed | boolean | - | content_market | content | Whether it is a reprint that was peer reviewed |
content.is_reminder | boolean | - | content_market | content | Whether it names the product and says nothing about it |
content.is_reprint | boolean | - | content_market | content | Whether it is a reprint of an article |
content.siuu_disclosures | boolean | - | content_market | content | Whether unapproved use, label and limits of the study are stated |
content.price_disclosure | boolean | - | content_market | content | Whether list price and known variation of efficacy are attached |
content.certified_on | date | day | content_market | content | Day on which the final form was last certified |
content.major_statement_ok | boolean | - | content_market | content | Whether the risk statement of a broadcast ad is clear, conspicuous and neutral |
content.summary_published_on | date | day | content_market | content | Day on which the summary of a joint project became public |
product.prescription_only | boolean | - | content_market | directory | Whether the product is supplied on prescription only in the country of the act |
product.boxed_warning | boolean | - | content_market | directory | Whether the label carries a boxed warning |
product.approved_on | date | day | content_market | directory | First day of the approval in the country of the act |
product.is_device_only | boolean | - | content_market | directory | Whether the matter concerns devices only |
contract.term_days | integer | days | contract | disclosures | Days from the start to the end of the contract |
contract.starts_on | date | day | contract | disclosures | First day of work under the contract |
contract.filed_on | date | day | contract | disclosures | Day the contract was filed with the authority |
contract.authorised_on | date | day | contract | disclosures | Day the authority authorised the contract; null where it has not |
contract.pay_set_in_advance | boolean | - | contract | disclosures | Whether the method of pay was set in advance |
contract.records_kept | boolean | - | contract | disclosures | Whether records of the work and its use are kept |
contract.attestation_ref | text | reference | contract | disclosures | Where the provider's own attestation lies |
contract.for_research | boolean | - | contract | disclosures | Whether the work belongs to research |
grant.kind | text | code | action | disclosures | What the grant is for | cme scholarship donation sponsorship research
grant.agreement_ref | text | reference | action | disclosures | The written agreement |
grant.chosen_by_institution | boolean | - | action | disclosures | Whether the institution picks the person who benefits |
grant.sole_funder_demanded | boolean | - | action | disclosures | Whether the company demands to be the only funder |
grant.certified | boolean | - | action | disclosures | Whether the agreement was certified in advance |
grant.study_approved_ref | text | reference | action | disclosures | Approval of the study that the money supports |
share.authorisation_revoked | boolean | - | contract | consent | Whether an authorisation was revoked |
share.use_agreement_ref | text | reference | contract | consent | Agreement on the use of a limited data set |
share.health_ground | text | code | contract | consent | Ground on which health data is processed | explicit_consent public_health research care vital_interest
share.transfer_tool | text | code | contract | consent | Tool for a transfer to that country | adequacy standard_clauses binding_rules none
share.collected_elsewhere | boolean | - | contract | consent | Whether the data came from somebody other than the person |
share.collected_on | date | day | contract | consent | Day the data was received |
share.notice_on | date | day | contract | consent | Day the person was told; null where not yet |
share.high_risk | boolean | - | contract | consent | Whether the processing is of a kind with high risk |
share.impact_assessment_ref | text | reference | contract | consent | The impact assessment |
tally.samples_value_share | share | fraction 0 to 1 | action | engagement | Worth of this year's samples as a part of domestic sales |
tally.meals_company_year | integer | meals | recipient | engagement | Impromptu meals by this company this calendar year |
tally.speaker_programs_topic | integer | programmes | recipient | engagement | Earlier programmes on the topic that the recipient attended or gave |
content.is_broadcast | boolean | - | content_market | content | Whether it is broadcast on television or radio |
share.authorisation_says_paid | boolean | - | contract | consent | Whether the authorisation says that somebody is paid |
product.dental_only | boolean | - | content_market | directory | Whether the product is used in dentistry only |
event.lodging_paid | boolean | - | event | engagement | Whether the company pays for a stay in a hotel |
tally.meals_value_day | money | minor units of action.currency | recipient | engagement | Worth of the meals given to this person that day, before this act |
action.lodging_night_minor | money | minor units of action.currency | action | engagement | Cost of one night of lodging within the act; 0 where there is none |
"""

"""The fact table, second half: events, money, partners, deals, tallies, and who acts.

One line per fact: name | type | unit | grain | room that supplies it | meaning | codes, if closed.
"""

# ruff: noqa: E501

ROWS = """
charter.in_force | boolean | - | partner | alliances | Whether a charter between the parties is in force on the day |
charter.emails_cap_30d | integer | e-mails | partner | alliances | Most promotional e-mails to one person in 30 days under the charter |
charter.days_left | integer | days | partner | alliances | Days until the charter ends |
campaign.status | text | code | campaign | alliances | State of the joint campaign | idea planning privacy content funded ready live paused closing reconciled archived
campaign.privacy_gate_passed | boolean | - | campaign | alliances | Whether privacy staff passed the plan |
campaign.budget_recorded | boolean | - | campaign | alliances | Whether each side's share of the budget is recorded |
campaign.days_to_start | integer | days | campaign | alliances | Days from the act to the planned start |
actor.role | text | code | actor | foundation | Role of the one who asks | representative msl brand alliance_manager partner reviewer compliance steward system
actor.trained | boolean | - | actor | foundation | Whether a training record counts on the day, and a certificate of every course demanded |
actor.partner_side | boolean | - | actor | foundation | Whether the one who asks belongs to a partner |
meal.kind | text | code | event | engagement | Which meal | breakfast lunch dinner refreshment
meal.cost_per_head_minor | money | minor units of action.currency | event | engagement | Cost of food and drink divided by all who ate |
meal.headcount_all | integer | persons | event | engagement | All who ate, covered or not |
meal.takeaway | boolean | - | event | engagement | Whether food is dropped off or taken away |
meal.incidental | boolean | - | event | engagement | Whether the meal is secondary to the discussion |
meal.with_discussion | boolean | - | event | engagement | Whether each eater has a real discussion with the sender |
event.country | text | ISO 3166-1 alpha-2 | event | engagement | Country of the venue |
event.home_country_of_attendees | text | ISO 3166-1 alpha-2 | event | engagement | Country where most attendees practise |
event.venue_class | text | code | event | engagement | Standing of the venue | modest standard high_end luxury_resort entertainment
event.venue_setting | text | code | event | engagement | Where it takes place | office hospital restaurant conference virtual
event.program_hours | integer | hours | event | engagement | Hours of programme |
event.educational_need_ref | text | reference | event | engagement | Where the educational need is documented |
event.is_cme | boolean | - | event | engagement | Whether it is continuing medical education |
event.organiser | text | code | event | engagement | Who organises it | company third_party joint
event.entertainment | boolean | - | event | engagement | Whether there is entertainment or recreation |
event.alcohol | boolean | - | event | engagement | Whether the company pays for alcohol |
event.guests | integer | persons | event | engagement | Spouses and other guests who take part |
event.attendee_prior_same_topic | boolean | - | event | engagement | Whether the invitee attended the same topic before |
event.rep_present | boolean | - | event | engagement | Whether a company representative is present |
event.multi_day | boolean | - | event | engagement | Whether it lasts more than a day |
item.kind | text | code | action | engagement | What is handed over | educational patient_education medical_utility reminder personal cash_equivalent
item.unit_value_minor | money | minor units of action.currency | action | engagement | Worth of one item |
item.branded | boolean | - | action | engagement | Whether it names a product |
sample.product | text | code | action | engagement | Product sampled |
sample.qty | integer | packs | action | engagement | Packs asked for |
sample.written_request_ref | text | reference | action | engagement | Where the written request lies |
sample.request_signed_at | date | day | action | engagement | Day the request was signed |
sample.first_request_date | date | day | recipient | engagement | Day of the first request for this product |
sample.receipt_ref | text | reference | action | engagement | Where the receipt lies |
sample.pack_is_smallest | boolean | - | action | engagement | Whether the pack is the smallest sold |
sample.label_ok | boolean | - | action | engagement | Whether marked as a free sample |
sample.controlled_substance | boolean | - | action | engagement | Whether a controlled substance |
sample.spc_enclosed | boolean | - | action | engagement | Whether the product characteristics are enclosed |
contract.ref | text | reference | contract | disclosures | The written contract |
contract.signed_at | date | day | contract | disclosures | Day the contract was signed |
contract.need_ref | text | reference | contract | disclosures | Where the need for the service is documented |
contract.selection_criteria_ref | text | reference | contract | disclosures | Where the criteria of choice are documented |
contract.providers_needed | integer | persons | contract | disclosures | Providers that the need asks for |
contract.providers_engaged | integer | persons | contract | disclosures | Providers engaged so far, this one included |
contract.fmv_ref | text | reference | contract | disclosures | The fair market value assessment |
contract.fmv_max | money | minor units of action.currency | contract | disclosures | Highest amount that the assessment supports |
contract.rate | money | minor units of action.currency | contract | disclosures | Pay agreed, per unit of comp_basis |
contract.comp_basis | text | code | contract | disclosures | How pay is reckoned | fixed hourly per_unit percent outcome
contract.varies_with_referrals | boolean | - | contract | disclosures | Whether pay varies with volume or value of referrals |
contract.deliverable_ref | text | reference | contract | disclosures | Where the work done is documented |
contract.disclosure_clause | boolean | - | contract | disclosures | Whether the provider must declare the tie |
grant.recipient_kind | text | code | action | disclosures | What the grantee is | hcp hco patient_org
grant.reviewed_by_role | text | code | action | disclosures | Role that decided the grant | medical grants_committee compliance sales marketing
grant.commercial_input | boolean | - | action | disclosures | Whether sales or marketing had a say |
grant.control_over_content | boolean | - | action | disclosures | Whether the company controls content, faculty or venue |
grant.tied_to_purchase | boolean | - | action | disclosures | Whether tied to prescribing or purchase |
partner.kind | text | code | partner | alliances | What the partner is | technology channel complementary provider_org payer patient_org society telehealth integrator hcp laboratory treatment_facility manufacturer
partner.refers_federal_business | boolean | - | partner | alliances | Whether the partner can refer or arrange federally paid business |
partner.agreement_ref | text | reference | partner | alliances | The written agreement |
partner.dpa_ref | text | reference | partner | alliances | The data protection agreement |
partner.tier | text | code | partner | alliances | Tier of the alliance | platinum gold silver strategic preferred registered
partner.is_us_provider | boolean | - | partner | alliances | Whether the payee is a provider in the United States |
share.fields | list | fact or field names | contract | consent | Fields that would be shared |
share.fields_outside_purpose | integer | fields | contract | consent | Fields that the purpose does not need |
share.contains_phi | boolean | - | contract | consent | Whether patient-level health data is in it |
share.purpose | text | code | contract | consent | Purpose of the share |
share.authorisation_ref | text | reference | contract | consent | The patients' authorisation |
share.deidentified_method | text | code | contract | consent | How it was de-identified | safe_harbour expert limited_data_set none
share.encrypted | boolean | - | contract | consent | Whether encrypted on the way and at rest |
share.remuneration | boolean | - | contract | consent | Whether somebody pays for the data |
share.retention_days | integer | days | contract | consent | Days until the copy is deleted |
share.transfer_country | text | ISO 3166-1 alpha-2 | contract | consent | Country to which data goes |
deal.registered_at | date | day | deal | deals | Day the deal was put forward |
deal.mutual_acceptance_at | date | day | deal | deals | Day both sides accepted the registration |
deal.qualification_ok | boolean | - | deal | deals | Whether the stated criteria are met |
deal.conflict_id | text | reference | deal | deals | Another party's accepted registration of the same opportunity; null where none |
deal.conflict_accepted_at | date | day | deal | deals | Day that other registration was accepted |
revshare.role | text | code | deal | deals | What the share is earned for | finder sales implementation customer_success annual
revshare.share | share | fraction 0 to 1 | deal | deals | Part of net revenue paid to the partner |
incentive.metric | text | code | action | alliances | Measure on which an incentive hangs |
incentive.metric_class | text | code | action | alliances | Class of that measure | outcome education volume prescriptions sales
tally.emails_30d | integer | e-mails | recipient | engagement | Promotional e-mails to this person in the last 30 days, all parties |
tally.emails_3d | integer | e-mails | recipient | engagement | Promotional e-mails to this person in the last 3 days, all parties |
tally.emails_cap_30d | integer | e-mails | recipient | engagement | The person's own cap, lowered by wish or fatigue; null where none |
tally.contacts_30d | integer | contacts | recipient | engagement | Promotional e-mails, calls and invitations within 30 days that this act would lie in, all parties and channels |
tally.promotional_calls_30d | integer | calls | recipient | engagement | Promotional calls that nobody asked for within such 30 days, all parties |
tally.invitations_30d | integer | invitations | recipient | engagement | Invitations to promotional events within such 30 days, all parties |
tally.campaign_contacts_30d | integer | contacts | recipient | engagement | Those contacts that belong to the campaign of this act; 0 where it has none |
tally.brand_contacts_30d | integer | contacts | recipient | engagement | Those contacts that are about the product of this act; 0 where it has none |
recipient.complained_60d | boolean | - | recipient | engagement | Whether this person complained about a message in the last 60 days |
tally.calls_year | integer | calls | recipient | engagement | Unsolicited calls this calendar year |
tally.meals_year | integer | meals | recipient | engagement | Meals this calendar year |
tally.items_value_year | money | minor units of action.currency | recipient | engagement | Worth of items this calendar year |
tally.sample_packs_year | integer | packs | recipient | engagement | Sample packs this calendar year |
tally.fees_year_company | money | minor units of action.currency | recipient | disclosures | Fees by this company this calendar year |
tally.fees_year_all_known | money | minor units of action.currency | recipient | disclosures | Fees by all known payers this calendar year |
tally.tov_year | money | minor units of action.currency | recipient | disclosures | Transfers of value this calendar year, before this act |
"""

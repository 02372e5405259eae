"""The fact table, first half: the act itself, the person it reaches, permission, and what is sent.

One line per fact: name | type | unit | grain | room that supplies it | meaning | codes, if closed.
"""

# ruff: noqa: E501

ROWS = """
action.type | text | code | action | engagement | What is about to be done | email call meal invitation item sample fee grant data_share publication incentive payout deal_registration response travel registration sponsorship collaboration
action.date | date | day | action | engagement | Day of the act in the recipient's zone; rules in force are those of this day |
action.local_time | time | minutes since midnight | action | engagement | Clock time of the act where the recipient is |
action.channel | text | code | action | engagement | Way the act travels | email sms phone fax post in_person web social app
action.country | text | ISO 3166-1 alpha-2 | action | engagement | Country in which the act takes effect |
action.us_state | text | USPS code | action | engagement | State in which the act takes effect, in the United States |
action.sender_role | text | code | action | engagement | Role in which the sender acts | sales marketing msl medical_info market_access reimbursement compliance alliance
action.promotional | boolean | - | action | engagement | Whether the act promotes a product |
action.purpose | text | code | action | engagement | Purpose as the consent names it |
action.amount_minor | money | minor units of action.currency | action | engagement | Money or worth that the recipient gets by the act |
action.currency | text | ISO 4217 | action | engagement | Currency of every amount of the act |
action.tax_basis | text | code | action | engagement | Whether amounts hold tax | with_tax without_tax
action.unsolicited_request_id | text | reference | action | engagement | The recipient's own question that this act answers |
action.complex_question | boolean | - | action | engagement | Whether the question is scientific, off label or about safety |
action.access_question | boolean | - | action | engagement | Whether the question is about access, coverage or prior authorisation |
recipient.kind | text | code | recipient | directory | What the recipient is | hcp hco patient_org patient payer student public guest partner
recipient.profession | text | code | recipient | directory | Profession as in its registry |
recipient.country | text | ISO 3166-1 alpha-2 | recipient | directory | Country of practice |
recipient.us_state | text | USPS code | recipient | directory | State of practice |
recipient.us_licence_states | list | USPS codes | recipient | directory | States in which a licence is held |
recipient.licence_active | boolean | - | recipient | directory | Whether a licence to practise is active on the day |
recipient.identity_status | text | code | recipient | directory | How sure we are who this is | candidate unverified verified inactive deceased merged
recipient.npi | text | NPI | recipient | directory | National provider identifier of the individual |
recipient.can_prescribe | boolean | - | recipient | directory | Whether the recipient may prescribe |
recipient.covered_recipient_type | text | code | recipient | disclosures | Type under Open Payments | physician non_physician_practitioner teaching_hospital none
recipient.bona_fide_employee | boolean | - | recipient | directory | Whether employed in good faith by the payer |
recipient.public_official | boolean | - | recipient | directory | Whether a public official |
recipient.formulary_or_guideline_member | boolean | - | recipient | directory | Whether on a formulary or guideline body |
recipient.excluded | boolean | - | recipient | directory | Whether on a federal exclusion list |
recipient.prescriber_data_optout | boolean | - | recipient | directory | Whether prescriber-level data is withheld from representatives |
recipient.vt_regulated | boolean | - | recipient | directory | Whether regulated by Vermont's gift law |
recipient.nj_prescriber | boolean | - | recipient | directory | Whether a New Jersey prescriber |
recipient.has_address | boolean | - | recipient_channel | directory | Whether an address for the channel is known |
recipient.medical_case_open | boolean | - | recipient | engagement | Whether a medical case asks commercial staff to wait |
consent.status | text | code | recipient_channel | consent | State of the consent for this controller, channel and purpose on the day | none pending granted expired withdrawn superseded never
consent.channel | text | code | recipient_channel | consent | Channel that the consent names | email sms phone fax post in_person web social app any
consent.purpose | text | code | recipient_channel | consent | Purpose that the consent names |
consent.captured_at | date | day | recipient_channel | consent | Day the consent was given |
consent.proof_ref | text | reference | recipient_channel | consent | Where the proof of the consent lies |
consent.text_version | text | version | recipient_channel | consent | Version of the wording that was shown |
consent.expires_at | date | day | recipient_channel | consent | Last day of the consent; null where it does not end |
consent.withdrawn_at | date | day | recipient_channel | consent | Day the consent was withdrawn; null where it was not |
consent.paused_until | date | day | recipient_channel | consent | Day until which the recipient asked for quiet; null where none |
suppression.active | boolean | - | recipient | consent | Whether the recipient told this controller to stop everywhere |
suppression.other_controller | boolean | - | recipient | consent | Whether another party of the joint act has a stop for this recipient |
lawful_basis | text | code | recipient_channel | consent | Ground recorded for the processing | consent legitimate_interest contract legal_duty vital_interest public_task
disclosure.basis | text | code | recipient | disclosures | Ground for naming the recipient in public | consent legitimate_interest legal_duty
disclosure.individual_allowed | boolean | - | recipient | disclosures | Whether the recipient may be named in public |
content.approval_status | text | code | content_market | content | State of the review of this version | draft in_review approved withdrawn expired superseded recalled rejected
content.approval_expires | date | day | content_market | content | Last day on which the approval holds |
content.certified_by_qualification | text | code | content_market | content | Qualification of the one who certified | doctor pharmacist dentist aqp other
content.author_is_approver | boolean | - | content_market | content | Whether an author approved their own work |
content.certifier_is_author | boolean | - | content_market | content | Whether the one who certified wrote it |
content.final_form_hash | text | SHA-256 | content_market | content | Hash of what would leave |
content.approved_hash | text | SHA-256 | content_market | content | Hash of what was approved |
content.cobranded | boolean | - | content_market | content | Whether more than one party's name stands on it |
content.support_statement | boolean | - | content_market | content | Whether it states each party's material support |
content.partner_approvals | list | organisations | content_market | content | Parties that approved this final form |
content.partner_approvals_missing | integer | parties | content_market | content | Parties that have not approved this final form |
content.claims_in_label | boolean | - | content_market | content | Whether every claim stands in the label of the market |
content.claims_without_reference | integer | claims | content_market | content | Claims that no reference supports |
content.market_ok | boolean | - | content_market | content | Whether approved for this country, audience and channel |
content.audience | text | code | content_market | content | Audience that the approval names | hcp hco patient public payer partner
content.kind | text | code | content_market | content | What the item is | promo disease_awareness scientific_exchange response educational service
content.pi_included | boolean | - | content_market | content | Whether prescribing information is with it |
content.ae_statement | boolean | - | content_market | content | Whether it says how to report an adverse event |
content.risk_prominence_ok | boolean | - | content_market | content | Whether risks stand as prominently as benefits |
content.form2253_date | date | day | content_market | content | Day the item was filed with FDA |
content.unsubscribe_link | boolean | - | content_market | content | Whether a working way to opt out is in it |
content.postal_address | boolean | - | content_market | content | Whether the sender's postal address is in it |
content.ad_identified | boolean | - | content_market | content | Whether it is clearly marked as advertising, with true headers and subject |
product.approved_in_country | boolean | - | content_market | directory | Whether the product is authorised in the country of the act |
product.accelerated_approval | boolean | - | content_market | directory | Whether the approval is an accelerated one |
"""

"""The columns of every kind of record that a population has, in the order of docs/records.md."""

from __future__ import annotations

_COLUMNS = {
    "person": (
        "person_id name other_names birth_date birth_country citizenships citizenship_since "
        "declared_citizenships tax_residence address address_country phone email device_ids is_pep "
        "pep_relation kyc_date agent_id role"
    ),
    "document": (
        "document_id person_id kind number issuer_country authority issue_date expiry_date name_as_printed "
        "birth_date_as_printed mrz channel agent_id"
    ),
    "company": (
        "company_id name other_names country incorporation_date dissolution_date registration_number "
        "tax_number activity_code activity_text address phone email website employees previous_names"
    ),
    "ownership": "owner_id asset_id percentage start_date end_date kind recorded_at",
    "directorship": "person_id company_id role start_date end_date",
    "account": (
        "account_id holder_id bank_bic bank_country iban opened_date closed_date presence declared_turnover "
        "currency signatories device_ids"
    ),
    "card": (
        "card_id account_id holder_id bank_bic scheme issue_country holder_residency issue_date expiry_date "
        "exemption presence"
    ),
    "sim": (
        "msisdn holder_id holder_residency operator_country activation_date expiry_date deactivation_date "
        "exemption is_biometric_checked device_id"
    ),
    "application": "application_id person_id kind country route submitted_date decided_date outcome agent_id",
    "payment": (
        "payment_id value_date booked_at amount currency payer_id payer_name payer_country payer_account "
        "payer_bic beneficiary_id beneficiary_name beneficiary_country beneficiary_account beneficiary_bic "
        "intermediary_bics ultimate_debtor ultimate_creditor rail purpose purpose_code hs_codes contract_id "
        "wallet_from wallet_to is_refund_of is_advance"
    ),
    "login": "login_id holder_id account_id at ip_country is_vpn device_id",
    "contract": (
        "contract_id contract_date seller_id buyer_id end_user_id end_user_country destination_country "
        "hs_codes has_no_reexport_clause end_user_statement_text end_user_statement_date declined_services"
    ),
    "shipment": (
        "shipment_id declaration_date procedure exporter_id exporter_name consignee_id consignee_name "
        "consignee_kind declarant_name origin_country dispatch_country trading_country destination_country "
        "transit_countries hs_code hs_revision description net_weight_kg gross_weight_kg packages volume_m3 "
        "quantity quantity_unit amount currency valuation seal_id departure_date arrival_date exit_date "
        "entry_shipment_id transport_document contract_id consignee_changed_at route_changed_at"
    ),
    "seal_event": "seal_id at event country",
    "agent": "agent_id name phone email address is_licensed is_disclosed",
    "card_use": "card_id at scheme merchant_country amount currency kind",
    "listing": (
        "listing_id entity_id entity_name regime listing_date delisting_date measure_id phones emails "
        "addresses wallets directors"
    ),
    "trade_paper": "paper_id kind contract_id consignee_id issuing_bic names_end_user",
    "public_record": "record_id kind granted_by beneficiary_id date",
    "relation": "from_id to_id kind office start_date end_date",
    "bank": "bic name country uses_spfs is_direct_participant schemes correspondents profile_date",
    "reference": "hs_code kind key value currency date",
    "offer": "offer_id offer_date country route target_citizenship price currency payee_id payee_kind text",
}

# Kind -> columns.
COLUMNS: dict[str, tuple[str, ...]] = {kind: tuple(text.split()) for kind, text in _COLUMNS.items()}

/*-------------------------------------------------------------------------
 *
 * catalog_organization.c
 *	  Tables of what the organization's management account pays and its members have.
 *
 * IDENTIFICATION
 *	  src/api/catalog_organization.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/catalog_entries.h"

#include <stddef.h>

/* ---------- DescribeBillSummaryForOrganization ---------- */

static const BfParam bill_summary_for_organization_params[] = {
	MONTH_PARAM,
	{
		.column = "group_type",
		.member = "GroupType",
		.domain = BF_DOMAIN_CLOSED,
		.required = true,
		.values = bf_catalog_group_types,
		.example = "region",
	},
	{
		.column = "tag_key",
		.member = "TagKey",
		.domain = BF_DOMAIN_OPEN,
		.required = true,
		.list = true,
		.when_column = "group_type",
		.when_value = "tag",
		.example = "project",
	},
	NO_PARAM
};

static const BfAction bill_summary_for_organization_action = {
	.name = "DescribeBillSummaryForOrganization",
	.does = "read the bill summary of the organization",
	.params = bill_summary_for_organization_params,
	.rows = "SummaryDetail",
	.ready_flag = true,
	.paging = BF_PAGING_NONE,
	.first_month = "2018-01",
};

static const BfColumn bill_summary_for_organization_columns[] = {
	MONTH_COLUMN,
	GROUP_TYPE_COLUMN,
	COLUMN("tag_key", TEXT, GROUP_KEY, "GroupKey",
		   "tag key of the group where group_type is tag, else NULL"),
	COLUMN("group_key", TEXT, ROW, "GroupKey",
		   "code of the group: product code, project id, region id, billing mode code or tag key"),
	GROUP_VALUE_COLUMN(ROW),
	AMOUNT_COLUMNS,
	COLUMN("business", JSONB, ROW, "Business",
		   "split of the group by product, as sent; NULL where group_type is business"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable bill_summary_for_organization_table = {
	.name = "bill_summary_for_organization",
	.family = "organization",
	.action = &bill_summary_for_organization_action,
	.columns = bill_summary_for_organization_columns,
	.rows_per_request = 10,
	.grain = "One row per month and group (product, project, region, billing mode or tag value) of the bill that the management account pays for a member account.",
	.caution = "The same money appears once per group_type, and with group_type tag once per tag key: sum within one group_type and one tag_key only.",
};

static const BfColumn bill_summary_for_organization_business_columns[] = {
	MONTH_COLUMN,
	GROUP_TYPE_COLUMN,
	COLUMN("tag_key", TEXT, PARENT_GROUP_KEY, "GroupKey",
		   "tag key of the group where group_type is tag, else NULL"),
	COLUMN("group_key", TEXT, PARENT, "GroupKey",
		   "code of the group: project id, region id, billing mode code or tag key"),
	GROUP_VALUE_COLUMN(PARENT),
	BUSINESS_CODE_COLUMN(ROW),
	BUSINESS_CODE_NAME_COLUMN(ROW),
	AMOUNT_COLUMNS,
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const char *const bill_summary_for_organization_business_excluded[] = {
	"group_type", "business",
	"For amounts by product use foreign table \"bill_summary_for_organization\" with group_type = 'business'.",
	NULL
};

static const BfTable bill_summary_for_organization_business_table = {
	.name = "bill_summary_for_organization_business",
	.family = "organization",
	.action = &bill_summary_for_organization_action,
	.nested = "Business",
	.columns = bill_summary_for_organization_business_columns,
	.excluded = bill_summary_for_organization_business_excluded,
	.rows_per_request = 100,
	.grain = "One row per month, group (project, region, billing mode or tag value) and product in it, of the bill that the management account pays for a member account.",
	.caution = "The same money appears once per group_type, and with group_type tag once per tag key: sum within one group_type and one tag_key only.  Groups without a split by product have no rows here.",
};

/* ---------- DescribeBillResourceSummaryForOrganization ---------- */

static const BfParam bill_resource_summary_for_organization_params[] = {
	MONTH_PARAM,
	INPUT_PARAM("action_type", "ActionType", "Daily pay-as-you-go"),
	PAY_MODE_PARAM,
	OPEN_PARAM("business_code", "BusinessCode", "p_cvm"),
	OPEN_PARAM("resource_id", "ResourceId", "ins-12345678"),
	RESOURCE_BILL_TAG_PARAMS,
	NO_PARAM
};

static const BfAction bill_resource_summary_for_organization_action = {
	.name = "DescribeBillResourceSummaryForOrganization",
	.does = "read the resource bill of the organization",
	.params = bill_resource_summary_for_organization_params,
	.constants = bf_catalog_need_record_num,
	.rows = "ResourceSummarySet",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 1000,
	.total = "Total",
	.first_month = "2018-01",
};

static const BfColumn bill_resource_summary_for_organization_columns[] = {
	MONTH_COLUMN,
	COLUMN("action_type", TEXT, REQUEST, NULL,
		   "transaction type asked for, by the API's own list of names; NULL when none was"),
	COLUMN("pay_mode", TEXT, PAY_MODE, "PayModeName",
		   "billing mode code (prePay, postPay, riPay) of pay_mode_name, NULL for an unknown label"),
	RESOURCE_BILL_LABEL_COLUMNS,
	RESOURCE_BILL_COLUMNS,
	NO_COLUMN
};

static const BfTable bill_resource_summary_for_organization_table = {
	.name = "bill_resource_summary_for_organization",
	.family = "organization",
	.action = &bill_resource_summary_for_organization_action,
	.columns = bill_resource_summary_for_organization_columns,
	.rows_per_request = 1000,
	.grain = "One row per month, resource and transaction type (and order): bills of a member account paid by its management account.",
	.caution = "A resource has several rows.  When tag_key is asked for, every row appears once per key: sum within one tag_key only.",
};

/* ---------- DescribeBillDetailForOrganization ---------- */

static const BfParam bill_detail_for_organization_params[] = {
	MONTH_PARAM,
	INPUT_PARAM("action_type_asked", "ActionType", "Daily pay-as-you-go"),
	PAY_MODE_PARAM,
	OPEN_PARAM("business_code", "BusinessCode", "p_cvm"),
	OPEN_PARAM("resource_id", "ResourceId", "ins-12345678"),
	OPEN_PARAM("project_id", "ProjectId", "0",
			   .form = BF_FORM_INTEGER),
	NO_PARAM
};

static const BfAction bill_detail_for_organization_action = {
	.name = "DescribeBillDetailForOrganization",
	.does = "read the bill lines of the organization",
	.params = bill_detail_for_organization_params,
	.constants = bf_catalog_need_record_num,
	.rows = "DetailSet",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.cursor = "Context",
	.max_page = 100,
	.total = "Total",
	.first_month = "2018-01",
};

static const BfColumn bill_detail_for_organization_columns[] = {
	MONTH_COLUMN,
	COLUMN("action_type_asked", TEXT, REQUEST, NULL,
		   "transaction type asked for, by the API's own list of names (no code); NULL when none was"),
	COLUMN("pay_mode", TEXT, PAY_MODE, "PayModeName",
		   "billing mode code (prePay, postPay, riPay) of pay_mode_name, NULL for an unknown label"),
	BUSINESS_CODE_COLUMN(ROW),
	BUSINESS_CODE_NAME_COLUMN(ROW),
	PRODUCT_CODE_COLUMN(ROW),
	PRODUCT_CODE_NAME_COLUMN(ROW),
	PAY_MODE_NAME_COLUMN(ROW),
	PROJECT_ID_COLUMN(ROW),
	PROJECT_NAME_COLUMN(ROW),
	REGION_ID_COLUMN(ROW),
	REGION_NAME_COLUMN(ROW),
	ZONE_NAME_COLUMN(ROW),
	RESOURCE_ID_COLUMN(ROW),
	RESOURCE_NAME_COLUMN(ROW),
	ACTION_TYPE_COLUMN(ROW),
	ACTION_TYPE_NAME_COLUMN(ROW),
	ORDER_ID_COLUMN(ROW),
	BILL_ID_COLUMN(ROW),
	OWNER_UIN_COLUMN(ROW),
	OPERATE_UIN_COLUMN(ROW),
	COLUMN("bill_month", DATE, ROW, "BillMonth",
		   "the bill's month, by its first day"),
	BILL_DAY_COLUMN(ROW),
	PAY_TIME_COLUMN(ROW),
	FEE_BEGIN_TIME_COLUMN(ROW),
	FEE_END_TIME_COLUMN(ROW),
	COLUMN("associated_order", JSONB, ROW, "AssociatedOrder",
		   "orders tied to this transaction (purchase, renewals, write-off), as sent"),
	COLUMN("price_info", JSONB, ROW, "PriceInfo",
		   "attributes that influence the price, as texts, as sent"),
	FORMULA_COLUMN(ROW),
	FORMULA_URL_COLUMN(ROW),
	TAGS_COLUMN,
	COMPONENT_SET_COLUMN(ROW),
	NO_COLUMN
};

static const BfTable bill_detail_for_organization_table = {
	.name = "bill_detail_for_organization",
	.family = "organization",
	.action = &bill_detail_for_organization_action,
	.columns = bill_detail_for_organization_columns,
	.rows_per_request = 1000,
	.grain = "One row per bill line of a member account, paid by its management account.",
	.caution = "A line holds no amounts itself: they are in its components, see bill_detail_for_organization_component.  The API keeps lines for 18 months.",
};

static const BfColumn bill_detail_for_organization_component_columns[] = {
	MONTH_COLUMN,
	COLUMN("action_type_asked", TEXT, REQUEST, NULL,
		   "transaction type asked for, by the API's own list of names (no code); NULL when none was"),
	COLUMN("pay_mode", TEXT, PARENT_PAY_MODE, "PayModeName",
		   "billing mode code (prePay, postPay, riPay) of pay_mode_name, NULL for an unknown label"),
	BUSINESS_CODE_COLUMN(PARENT),
	BUSINESS_CODE_NAME_COLUMN(PARENT),
	PRODUCT_CODE_COLUMN(PARENT),
	PRODUCT_CODE_NAME_COLUMN(PARENT),
	PAY_MODE_NAME_COLUMN(PARENT),
	PROJECT_ID_COLUMN(PARENT),
	PROJECT_NAME_COLUMN(PARENT),
	REGION_ID_COLUMN(PARENT),
	REGION_NAME_COLUMN(PARENT),
	ZONE_NAME_COLUMN(PARENT),
	RESOURCE_ID_COLUMN(PARENT),
	RESOURCE_NAME_COLUMN(PARENT),
	ACTION_TYPE_COLUMN(PARENT),
	ACTION_TYPE_NAME_COLUMN(PARENT),
	ORDER_ID_COLUMN(PARENT),
	BILL_ID_COLUMN(PARENT),
	OWNER_UIN_COLUMN(PARENT),
	OPERATE_UIN_COLUMN(PARENT),
	COLUMN("bill_month", DATE, PARENT, "BillMonth",
		   "the bill's month, by its first day"),
	BILL_DAY_COLUMN(PARENT),
	PAY_TIME_COLUMN(PARENT),
	FEE_BEGIN_TIME_COLUMN(PARENT),
	FEE_END_TIME_COLUMN(PARENT),
	BILL_COMPONENT_COLUMNS,
	NO_COLUMN
};

static const BfTable bill_detail_for_organization_component_table = {
	.name = "bill_detail_for_organization_component",
	.family = "organization",
	.action = &bill_detail_for_organization_action,
	.nested = "ComponentSet",
	.columns = bill_detail_for_organization_component_columns,
	.rows_per_request = 1000,
	.grain = "One row per component of a bill line of a member account, paid by its management account.",
	.caution = "A line has several components: count lines in bill_detail_for_organization.  Prices, usages, durations and discounts must not be summed.",
};

/* ---------- DescribeOrgMemberAccountBalance ---------- */

static const BfParam org_member_account_balance_params[] = {
	ARRAY_PARAM("member_uin", "MemberUins", "100000000001"),
	NO_PARAM
};

static const BfAction org_member_account_balance_action = {
	.name = "DescribeOrgMemberAccountBalance",
	.does = "read the balances of organization members",
	.params = org_member_account_balance_params,
	.rows = "Data",
	.paging = BF_PAGING_NUMBER,
	.page_member = "PageNumber",
	.size_member = "PageSize",
	.first_page = 1,
	.max_page = 10,
	.total = "TotalCount",
};

static const BfColumn org_member_account_balance_columns[] = {
	COLUMN("member_uin", TEXT, ROW, "MemberUin",
		   "member account"),
	COLUMN("member_name", TEXT, ROW, "MemberName",
		   "name of the member"),
	COLUMN("is_credit_account", BOOLEAN, ROW, "IsCreditAccount",
		   "whether the account is a credit account"),
	AMOUNT("real_balance", ROW, "RealBalance",
		   "available balance",
		   .scale = 2),
	AMOUNT("cash_account_balance", ROW, "CashAccountBalance",
		   "balance of the cash account",
		   .scale = 2),
	AMOUNT("credit_amount", ROW, "CreditAmount",
		   "credit line",
		   .scale = 2),
	AMOUNT("temp_credit", ROW, "TempCredit",
		   "temporary credit line",
		   .scale = 2),
	AMOUNT("basic_credit_amount", ROW, "BasicCreditAmount",
		   "basic credit line",
		   .scale = 2),
	AMOUNT("owe_amount", ROW, "OweAmount",
		   "amount overdue",
		   .scale = 2),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable org_member_account_balance_table = {
	.name = "org_member_account_balance",
	.family = "organization",
	.action = &org_member_account_balance_action,
	.columns = org_member_account_balance_columns,
	.rows_per_request = 10,
	.grain = "One row per member account of the organization, now.",
	.caution = "Columns are different views of the same money and must not be added to each other.",
};

const BfTable *const bf_catalog_organization[] = {
	&bill_summary_for_organization_table,
	&bill_summary_for_organization_business_table,
	&bill_resource_summary_for_organization_table,
	&bill_detail_for_organization_table,
	&bill_detail_for_organization_component_table,
	&org_member_account_balance_table,
	NULL
};

/*-------------------------------------------------------------------------
 *
 * catalog.c
 *	  The API's actions and the tables made of them, as constant data.
 *
 * The descriptions become COMMENT ON statements and the reference pages.
 *
 * IDENTIFICATION
 *	  src/api/catalog.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/catalog.h"

#include <stddef.h>
#include <string.h>

#define NO_COLUMN	{NULL, BF_TYPE_TEXT, BF_SOURCE_ROW, NULL, NULL}
#define NO_PARAM	{.column = NULL}

/* ---------- lists of values ---------- */

static const char *const group_types[] = {
	"business", "project", "region", "payMode", "tag", NULL
};

/* Codes that rows are known to have; see pay_mode_labels. */
static const char *const pay_modes[] = {"prePay", "postPay", "riPay", NULL};

/* Codes that the parameter PayMode takes. */
static const char *const sendable_pay_modes[] = {"prePay", "postPay", NULL};

/*
 * Labels in the documented answers of both sites.  Labels are display text:
 * an unknown one gives NULL and a warning, never a guess.
 */
static const BfLabel pay_mode_labels[] = {
	{"Monthly Subscription", "prePay"},
	{"Yearly/monthly subscription", "prePay"},
	{"包年包月", "prePay"},
	{"Pay-As-You-Go", "postPay"},
	{"Pay-As-You-Go resources", "postPay"},
	{"Pay-as-you-go", "postPay"},
	{"按量计费", "postPay"},
	{"Standard RI", "riPay"},
	{"预留实例", "riPay"},
	{NULL, NULL}
};

/* ---------- columns that several tables share ---------- */

#define MONTH_COLUMN \
	{"month", BF_TYPE_MONTH, BF_SOURCE_REQUEST, NULL, \
	"bill month asked for; text YYYY-MM, or the month's first day"}

#define GROUP_TYPE_COLUMN \
	{"group_type", BF_TYPE_TEXT, BF_SOURCE_REQUEST, NULL, \
	"dimension asked for: business, project, region, payMode or tag"}

#define PAYER_UIN_COLUMN \
	{"payer_uin", BF_TYPE_TEXT, BF_SOURCE_REQUEST, NULL, \
	"payer account asked for, NULL when none was: the caller's own bill"}

#define OPERATE_UIN_ASKED_COLUMN \
	{"operate_uin", BF_TYPE_TEXT, BF_SOURCE_REQUEST, NULL, \
	"ordering account or role asked for, NULL when none was"}

#define CURRENCY_COLUMN \
	{"currency", BF_TYPE_TEXT, BF_SOURCE_CURRENCY, NULL, \
	"label given by the server's option \"currency\", else NULL"}

/* The amounts of all summaries, in currency units. */
#define AMOUNT_COLUMNS \
	{"total_cost", BF_TYPE_NUMERIC, BF_SOURCE_ROW, "TotalCost", \
	"original (list) price in currency units; NULL before May 2021 and with contract prices"}, \
	{"real_total_cost", BF_TYPE_NUMERIC, BF_SOURCE_ROW, "RealTotalCost", \
	"total after discount in currency units"}, \
	{"cash_pay_amount", BF_TYPE_NUMERIC, BF_SOURCE_ROW, "CashPayAmount", \
	"part paid from the cash account, in currency units"}, \
	{"incentive_pay_amount", BF_TYPE_NUMERIC, BF_SOURCE_ROW, "IncentivePayAmount", \
	"part paid from free credit, in currency units"}, \
	{"voucher_pay_amount", BF_TYPE_NUMERIC, BF_SOURCE_ROW, "VoucherPayAmount", \
	"part paid by vouchers, in currency units"}, \
	{"transfer_pay_amount", BF_TYPE_NUMERIC, BF_SOURCE_ROW, "TransferPayAmount", \
	"part paid from the royalty (commission) account, in currency units"}

/* ---------- parameters that several actions share ---------- */

#define PAYER_UIN_PARAM \
	{ \
		.column = "payer_uin", \
		.member = "PayerUin", \
		.domain = BF_DOMAIN_OPEN, \
		.input = true, \
		.example = "100000000001", \
	}

/* ---------- DescribeBillSummary ---------- */

static const BfParam bill_summary_params[] = {
	{
		.column = "month",
		.member = "Month",
		.domain = BF_DOMAIN_MONTH,
		.required = true,
		.example = "2023-04",
	},
	{
		.column = "group_type",
		.member = "GroupType",
		.domain = BF_DOMAIN_CLOSED,
		.required = true,
		.values = group_types,
		.example = "region",
	},
	PAYER_UIN_PARAM,
	{
		.column = "operate_uin",
		.member = "OperateUin",
		.domain = BF_DOMAIN_OPEN,
		.input = true,
		.example = "100000000001",
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

static const BfAction bill_summary_action = {
	.name = "DescribeBillSummary",
	.does = "read the bill summary",
	.params = bill_summary_params,
	.rows = "SummaryDetail",
	.ready_flag = true,
	.paging = BF_PAGING_NONE,
	.first_month = "2018-01",
};

static const BfColumn bill_summary_columns[] = {
	MONTH_COLUMN,
	GROUP_TYPE_COLUMN,
	PAYER_UIN_COLUMN,
	OPERATE_UIN_ASKED_COLUMN,
	{"tag_key", BF_TYPE_TEXT, BF_SOURCE_GROUP_KEY, "GroupKey",
	"tag key of the group where group_type is tag, else NULL"},
	{"group_key", BF_TYPE_TEXT, BF_SOURCE_ROW, "GroupKey",
	"code of the group: product code, project id, region id, billing mode code or tag key"},
	{"group_value", BF_TYPE_TEXT, BF_SOURCE_ROW, "GroupValue",
	"localized label of the group; for tags the tag value, empty without that tag"},
	AMOUNT_COLUMNS,
	{"business", BF_TYPE_JSONB, BF_SOURCE_ROW, "Business",
	"split of the group by product, as sent; NULL where group_type is business"},
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable bill_summary_table = {
	.name = "bill_summary",
	.family = "bill",
	.action = &bill_summary_action,
	.columns = bill_summary_columns,
	.rows_per_request = 10,
	.grain = "One row per month and group: product, project, region, billing mode or tag value.",
	.caution = "The same money appears once per group_type, and with group_type tag once per tag key: sum within one group_type and one tag_key only.",
};

static const BfColumn bill_summary_business_columns[] = {
	MONTH_COLUMN,
	GROUP_TYPE_COLUMN,
	PAYER_UIN_COLUMN,
	OPERATE_UIN_ASKED_COLUMN,
	{"tag_key", BF_TYPE_TEXT, BF_SOURCE_PARENT_GROUP_KEY, "GroupKey",
	"tag key of the group where group_type is tag, else NULL"},
	{"group_key", BF_TYPE_TEXT, BF_SOURCE_PARENT, "GroupKey",
	"code of the group: project id, region id, billing mode code or tag key"},
	{"group_value", BF_TYPE_TEXT, BF_SOURCE_PARENT, "GroupValue",
	"localized label of the group; for tags the tag value, empty without that tag"},
	{"business_code", BF_TYPE_TEXT, BF_SOURCE_ROW, "BusinessCode",
	"product code (p_...)"},
	{"business_code_name", BF_TYPE_TEXT, BF_SOURCE_ROW, "BusinessCodeName",
	"localized label of the product"},
	AMOUNT_COLUMNS,
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const char *const bill_summary_business_excluded[] = {
	"group_type", "business",
	"For amounts by product use foreign table \"bill_summary\" with group_type = 'business'.",
	NULL
};

static const BfTable bill_summary_business_table = {
	.name = "bill_summary_business",
	.family = "bill",
	.action = &bill_summary_action,
	.nested = "Business",
	.columns = bill_summary_business_columns,
	.excluded = bill_summary_business_excluded,
	.rows_per_request = 100,
	.grain = "One row per month, group (project, region, billing mode or tag value) and product in it.",
	.caution = "The same money appears once per group_type, and with group_type tag once per tag key: sum within one group_type and one tag_key only.  Groups without a split by product have no rows here.",
};

/* ---------- DescribeBillSummaryByPayMode ---------- */

static const BfParam bill_summary_by_pay_mode_params[] = {
	{
		.column = "month",
		.member = "BeginTime",
		.member2 = "EndTime",
		.domain = BF_DOMAIN_MONTH,
		.required = true,
		.example = "2023-04",
	},
	PAYER_UIN_PARAM,
	NO_PARAM
};

static const BfAction bill_summary_by_pay_mode_action = {
	.name = "DescribeBillSummaryByPayMode",
	.does = "read the bill summary by billing mode",
	.params = bill_summary_by_pay_mode_params,
	.rows = "SummaryOverview",
	.ready_flag = true,
	.paging = BF_PAGING_NONE,
	.first_month = "2018-01",
};

static const BfColumn bill_summary_by_pay_mode_columns[] = {
	MONTH_COLUMN,
	PAYER_UIN_COLUMN,
	{"pay_mode", BF_TYPE_TEXT, BF_SOURCE_ROW, "PayMode",
	"billing mode code: prePay, postPay, riPay"},
	{"pay_mode_name", BF_TYPE_TEXT, BF_SOURCE_ROW, "PayModeName",
	"localized label of the billing mode"},
	{"real_total_cost_ratio", BF_TYPE_NUMERIC, BF_SOURCE_ROW, "RealTotalCostRatio",
	"share of the month's total in percent, two decimals"},
	AMOUNT_COLUMNS,
	{"detail", BF_TYPE_JSONB, BF_SOURCE_ROW, "Detail",
	"split by transaction type, as sent; may be empty"},
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable bill_summary_by_pay_mode_table = {
	.name = "bill_summary_by_pay_mode",
	.family = "bill",
	.action = &bill_summary_by_pay_mode_action,
	.columns = bill_summary_by_pay_mode_columns,
	.rows_per_request = 3,
	.grain = "One row per month and billing mode.",
	.caution = "Ratios are rounded and need not sum to 100.",
};

static const BfColumn bill_summary_by_pay_mode_detail_columns[] = {
	MONTH_COLUMN,
	PAYER_UIN_COLUMN,
	{"pay_mode", BF_TYPE_TEXT, BF_SOURCE_PARENT, "PayMode",
	"billing mode code: prePay, postPay, riPay"},
	{"pay_mode_name", BF_TYPE_TEXT, BF_SOURCE_PARENT, "PayModeName",
	"localized label of the billing mode"},
	{"action_type", BF_TYPE_TEXT, BF_SOURCE_ROW, "ActionType",
	"transaction type code"},
	{"action_type_name", BF_TYPE_TEXT, BF_SOURCE_ROW, "ActionTypeName",
	"localized label of the transaction type"},
	{"bill_month", BF_TYPE_TEXT, BF_SOURCE_ROW, "BillMonth",
	"month as the API returns it, YYYY-MM"},
	{"real_total_cost_ratio", BF_TYPE_NUMERIC, BF_SOURCE_ROW, "RealTotalCostRatio",
	"share of the billing mode's total in percent, two decimals"},
	AMOUNT_COLUMNS,
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable bill_summary_by_pay_mode_detail_table = {
	.name = "bill_summary_by_pay_mode_detail",
	.family = "bill",
	.action = &bill_summary_by_pay_mode_action,
	.nested = "Detail",
	.columns = bill_summary_by_pay_mode_detail_columns,
	.rows_per_request = 10,
	.grain = "One row per month, billing mode and transaction type.",
	.caution = "Billing modes without a split by transaction type have no rows here.  Parts need not add up exactly to the totals of bill_summary_by_pay_mode.",
};

/* ---------- DescribeBillResourceSummaryForOrganization ---------- */

/*
 * PeriodType is left out: it is deprecated, and two values of it would give
 * two different tables.
 */
static const BfParam bill_resource_summary_for_organization_params[] = {
	{
		.column = "month",
		.member = "Month",
		.domain = BF_DOMAIN_MONTH,
		.required = true,
		.example = "2023-04",
	},
	{
		.column = "action_type",
		.member = "ActionType",
		.domain = BF_DOMAIN_OPEN,
		.input = true,
		.example = "Daily pay-as-you-go",
	},
	{
		.column = "pay_mode",
		.member = "PayMode",
		.domain = BF_DOMAIN_OPEN,
		.values = pay_modes,
		.sendable = sendable_pay_modes,
		.example = "prePay",
	},
	{
		.column = "business_code",
		.member = "BusinessCode",
		.domain = BF_DOMAIN_OPEN,
		.example = "p_cvm",
	},
	{
		.column = "resource_id",
		.member = "ResourceId",
		.domain = BF_DOMAIN_OPEN,
		.example = "ins-12345678",
	},
	{
		.column = "tag_key",
		.member = "TagKey",
		.domain = BF_DOMAIN_OPEN,
		.input = true,
		.sent_with = "tag_value",
		.sent_since = "2021-01",
		.example = "project",
	},
	{
		.column = "tag_value",
		.member = "TagValue",
		.domain = BF_DOMAIN_OPEN,
		.input = true,
		.when_column = "tag_key",
		.object = "tags",
		.sent_with = "tag_key",
		.sent_since = "2021-01",
		.example = "web",
	},
	NO_PARAM
};

static const BfAction bill_resource_summary_for_organization_action = {
	.name = "DescribeBillResourceSummaryForOrganization",
	.does = "read the resource bill of the organization",
	.params = bill_resource_summary_for_organization_params,
	.rows = "ResourceSummarySet",
	.paging = BF_PAGING_OFFSET,
	.max_page = 1000,
	.total_flag = "NeedRecordNum",
	.first_month = "2018-01",
};

static const BfColumn bill_resource_summary_for_organization_columns[] = {
	MONTH_COLUMN,
	{"action_type", BF_TYPE_TEXT, BF_SOURCE_REQUEST, NULL,
	"transaction type asked for, by the API's own list of names; NULL when none was"},
	{"pay_mode", BF_TYPE_TEXT, BF_SOURCE_PAY_MODE, "PayModeName",
	"billing mode code (prePay, postPay, riPay) of pay_mode_name, NULL for an unknown label"},
	{"tag_key", BF_TYPE_TEXT, BF_SOURCE_REQUEST, NULL,
	"tag key asked for, NULL when none was; each resource row appears once per key asked for"},
	{"tag_value", BF_TYPE_TEXT, BF_SOURCE_TAG_VALUE, "Tags",
	"value of the tag asked for, empty without that tag, NULL when no key was asked for"},
	{"business_code", BF_TYPE_TEXT, BF_SOURCE_ROW, "BusinessCode",
	"product code (p_...)"},
	{"business_code_name", BF_TYPE_TEXT, BF_SOURCE_ROW, "BusinessCodeName",
	"localized label of the product"},
	{"product_code", BF_TYPE_TEXT, BF_SOURCE_ROW, "ProductCode",
	"subproduct code (sp_...)"},
	{"product_code_name", BF_TYPE_TEXT, BF_SOURCE_ROW, "ProductCodeName",
	"localized label of the subproduct"},
	{"pay_mode_name", BF_TYPE_TEXT, BF_SOURCE_ROW, "PayModeName",
	"localized label of the billing mode"},
	{"project_name", BF_TYPE_TEXT, BF_SOURCE_ROW, "ProjectName",
	"project name"},
	{"region_id", BF_TYPE_BIGINT, BF_SOURCE_ROW, "RegionId",
	"region id, 0 = other"},
	{"region_name", BF_TYPE_TEXT, BF_SOURCE_ROW, "RegionName",
	"localized label of the region"},
	{"zone_name", BF_TYPE_TEXT, BF_SOURCE_ROW, "ZoneName",
	"localized label of the availability zone"},
	{"resource_id", BF_TYPE_TEXT, BF_SOURCE_ROW, "ResourceId",
	"resource (instance) id"},
	{"resource_name", BF_TYPE_TEXT, BF_SOURCE_ROW, "ResourceName",
	"name given to the resource by the user"},
	{"instance_type", BF_TYPE_TEXT, BF_SOURCE_ROW, "InstanceType",
	"instance type code (ri, svp, ...), - for none"},
	{"action_type_name", BF_TYPE_TEXT, BF_SOURCE_ROW, "ActionTypeName",
	"localized label of the transaction type"},
	{"order_id", BF_TYPE_TEXT, BF_SOURCE_ROW, "OrderId",
	"order number of subscriptions"},
	{"owner_uin", BF_TYPE_TEXT, BF_SOURCE_ROW, "OwnerUin",
	"account that uses the resource"},
	{"operate_uin", BF_TYPE_TEXT, BF_SOURCE_ROW, "OperateUin",
	"account or role that ordered or activated the resource"},
	{"bill_month", BF_TYPE_TEXT, BF_SOURCE_ROW, "BillMonth",
	"month as the API returns it, documented as YYYY-MM-01 00:00:00"},
	{"pay_time", BF_TYPE_TIMESTAMP, BF_SOURCE_ROW, "PayTime",
	"when the fee was deducted, Beijing time"},
	{"fee_begin_time", BF_TYPE_TIMESTAMP, BF_SOURCE_ROW, "FeeBeginTime",
	"start of the usage charged, Beijing time"},
	{"fee_end_time", BF_TYPE_TIMESTAMP, BF_SOURCE_ROW, "FeeEndTime",
	"end of the usage charged, Beijing time"},
	{"config_desc", BF_TYPE_TEXT, BF_SOURCE_ROW, "ConfigDesc",
	"billing items and usage as one text"},
	AMOUNT_COLUMNS,
	{"discount", BF_TYPE_NUMERIC, BF_SOURCE_ROW, "Discount",
	"discount multiplier, 1 = none"},
	{"reduce_type", BF_TYPE_TEXT, BF_SOURCE_ROW, "ReduceType",
	"localized label of the discount type"},
	{"original_cost_with_ri", BF_TYPE_NUMERIC, BF_SOURCE_ROW, "OriginalCostWithRI",
	"original price covered by reserved instances, in currency units"},
	{"original_cost_with_sp", BF_TYPE_NUMERIC, BF_SOURCE_ROW, "OriginalCostWithSP",
	"original price covered by savings plans, in currency units"},
	{"sp_deduction", BF_TYPE_NUMERIC, BF_SOURCE_ROW, "SPDeduction",
	"amount covered by savings plans, in currency units (deprecated by the API)"},
	{"tags", BF_TYPE_JSONB, BF_SOURCE_TAGS, "Tags",
	"cost allocation tags as one object of key and value, {} without tags"},
	{"extend_field1", BF_TYPE_TEXT, BF_SOURCE_ROW, "ExtendField1",
	"product-specific extension 1"},
	{"extend_field2", BF_TYPE_TEXT, BF_SOURCE_ROW, "ExtendField2",
	"product-specific extension 2"},
	{"extend_field3", BF_TYPE_TEXT, BF_SOURCE_ROW, "ExtendField3",
	"product-specific extension 3, - for none"},
	{"extend_field4", BF_TYPE_TEXT, BF_SOURCE_ROW, "ExtendField4",
	"product-specific extension 4, - for none"},
	{"extend_field5", BF_TYPE_TEXT, BF_SOURCE_ROW, "ExtendField5",
	"product-specific extension 5, - for none"},
	CURRENCY_COLUMN,
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

static const BfTable *const tables[] = {
	&bill_summary_table,
	&bill_summary_business_table,
	&bill_summary_by_pay_mode_table,
	&bill_summary_by_pay_mode_detail_table,
	&bill_resource_summary_for_organization_table,
	NULL
};

/* ---------- look-ups ---------- */

/*
 * All tables, ended by NULL, in the order of the documentation.
 */
const BfTable *const *
bf_catalog_tables(void)
{
	return tables;
}

/*
 * The table of this SQL name, or NULL.
 */
const BfTable *
bf_catalog_find(const char *name)
{
	for (int i = 0; tables[i] != NULL; i++)
		if (strcmp(tables[i]->name, name) == 0)
			return tables[i];
	return NULL;
}

/*
 * The column of this SQL name, or NULL.
 */
const BfColumn *
bf_catalog_column(const BfTable *table, const char *name)
{
	for (const BfColumn *column = table->columns; column->name; column++)
		if (strcmp(column->name, name) == 0)
			return column;
	return NULL;
}

/*
 * The parameter of the table's action that this SQL column feeds, or NULL.
 */
const BfParam *
bf_catalog_param(const BfTable *table, const char *column)
{
	for (const BfParam *param = table->action->params; param->column; param++)
		if (strcmp(param->column, column) == 0)
			return param;
	return NULL;
}

/*
 * Number of parameters of the table's action.
 */
int
bf_catalog_param_count(const BfTable *table)
{
	int			n = 0;

	while (table->action->params[n].column != NULL)
		n++;
	return n;
}

/*
 * The billing mode code of a label of either site, or NULL for a label that
 * is not known.
 */
const char *
bf_catalog_pay_mode(const char *label)
{
	for (const BfLabel *known = pay_mode_labels; known->label; known++)
		if (strcmp(known->label, label) == 0)
			return known->code;
	return NULL;
}

/*
 * All known labels of billing modes, ended by label == NULL.
 */
const BfLabel *
bf_catalog_pay_mode_labels(void)
{
	return pay_mode_labels;
}

/*
 * Why this value of a closed parameter has no rows in this table, as a hint
 * for the user; NULL when it has.
 */
const char *
bf_catalog_excluded(const BfTable *table, const char *column,
					const char *value)
{
	const char *const *entry = table->excluded;

	for (; entry != NULL && *entry != NULL; entry += 3)
		if (strcmp(entry[0], column) == 0 && strcmp(entry[1], value) == 0)
			return entry[2];
	return NULL;
}

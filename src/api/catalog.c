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

/*
 * A column; behind its description there may be more members.
 */
#define COLUMN(n, t, s, f, ...) \
	{ \
		.name = (n), \
		.type = BF_TYPE_##t, \
		.source = BF_SOURCE_##s, \
		.field = (f), \
		.description = __VA_ARGS__ \
	}

#define NO_COLUMN	{.name = NULL}
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
	COLUMN("month", MONTH, REQUEST, NULL, \
		"bill month asked for; text YYYY-MM, or the month's first day")

#define GROUP_TYPE_COLUMN \
	COLUMN("group_type", TEXT, REQUEST, NULL, \
		"dimension asked for: business, project, region, payMode or tag")

#define PAYER_UIN_COLUMN \
	COLUMN("payer_uin", TEXT, REQUEST, NULL, \
		"payer account asked for, NULL when none was: the caller's own bill")

#define OPERATE_UIN_ASKED_COLUMN \
	COLUMN("operate_uin", TEXT, REQUEST, NULL, \
		"ordering account or role asked for, NULL when none was")

#define CURRENCY_COLUMN \
	COLUMN("currency", TEXT, CURRENCY, NULL, \
		"label given by the server's option \"currency\", else NULL")

/* The amounts of all summaries, in currency units. */
#define AMOUNT_COLUMNS \
	COLUMN("total_cost", NUMERIC, ROW, "TotalCost", \
		"original (list) price in currency units; NULL before May 2021 and with contract prices"), \
	COLUMN("real_total_cost", NUMERIC, ROW, "RealTotalCost", \
		"total after discount in currency units"), \
	COLUMN("cash_pay_amount", NUMERIC, ROW, "CashPayAmount", \
		"part paid from the cash account, in currency units"), \
	COLUMN("incentive_pay_amount", NUMERIC, ROW, "IncentivePayAmount", \
		"part paid from free credit, in currency units"), \
	COLUMN("voucher_pay_amount", NUMERIC, ROW, "VoucherPayAmount", \
		"part paid by vouchers, in currency units"), \
	COLUMN("transfer_pay_amount", NUMERIC, ROW, "TransferPayAmount", \
		"part paid from the royalty (commission) account, in currency units")

/* ---------- parameters that several actions share ---------- */

#define PAYER_UIN_PARAM \
	{ \
		.column = "payer_uin", \
		.member = "PayerUin", \
		.domain = BF_DOMAIN_OPEN, \
		.input = true, \
		.example = "100000000001", \
	}

/* ---------- members that several actions always send ---------- */

/* Asks for the total number of rows. */
static const BfConstant need_record_num[] = {
	{"NeedRecordNum", "1"},
	{NULL, NULL}
};

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
	COLUMN("tag_key", TEXT, GROUP_KEY, "GroupKey",
		   "tag key of the group where group_type is tag, else NULL"),
	COLUMN("group_key", TEXT, ROW, "GroupKey",
		   "code of the group: product code, project id, region id, billing mode code or tag key"),
	COLUMN("group_value", TEXT, ROW, "GroupValue",
		   "localized label of the group; for tags the tag value, empty without that tag"),
	AMOUNT_COLUMNS,
	COLUMN("business", JSONB, ROW, "Business",
		   "split of the group by product, as sent; NULL where group_type is business"),
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
	COLUMN("tag_key", TEXT, PARENT_GROUP_KEY, "GroupKey",
		   "tag key of the group where group_type is tag, else NULL"),
	COLUMN("group_key", TEXT, PARENT, "GroupKey",
		   "code of the group: project id, region id, billing mode code or tag key"),
	COLUMN("group_value", TEXT, PARENT, "GroupValue",
		   "localized label of the group; for tags the tag value, empty without that tag"),
	COLUMN("business_code", TEXT, ROW, "BusinessCode",
		   "product code (p_...)"),
	COLUMN("business_code_name", TEXT, ROW, "BusinessCodeName",
		   "localized label of the product"),
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
	COLUMN("pay_mode", TEXT, ROW, "PayMode",
		   "billing mode code: prePay, postPay, riPay"),
	COLUMN("pay_mode_name", TEXT, ROW, "PayModeName",
		   "localized label of the billing mode"),
	COLUMN("real_total_cost_ratio", NUMERIC, ROW, "RealTotalCostRatio",
		   "share of the month's total in percent, two decimals"),
	AMOUNT_COLUMNS,
	COLUMN("detail", JSONB, ROW, "Detail",
		   "split by transaction type, as sent; may be empty"),
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
	COLUMN("pay_mode", TEXT, PARENT, "PayMode",
		   "billing mode code: prePay, postPay, riPay"),
	COLUMN("pay_mode_name", TEXT, PARENT, "PayModeName",
		   "localized label of the billing mode"),
	COLUMN("action_type", TEXT, ROW, "ActionType",
		   "transaction type code"),
	COLUMN("action_type_name", TEXT, ROW, "ActionTypeName",
		   "localized label of the transaction type"),
	COLUMN("bill_month", TEXT, ROW, "BillMonth",
		   "month as the API returns it, YYYY-MM"),
	COLUMN("real_total_cost_ratio", NUMERIC, ROW, "RealTotalCostRatio",
		   "share of the billing mode's total in percent, two decimals"),
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
	.constants = need_record_num,
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
	COLUMN("tag_key", TEXT, REQUEST, NULL,
		   "tag key asked for, NULL when none was; each resource row appears once per key asked for"),
	COLUMN("tag_value", TEXT, TAG_VALUE, "Tags",
		   "value of the tag asked for, empty without that tag, NULL when no key was asked for"),
	COLUMN("business_code", TEXT, ROW, "BusinessCode",
		   "product code (p_...)"),
	COLUMN("business_code_name", TEXT, ROW, "BusinessCodeName",
		   "localized label of the product"),
	COLUMN("product_code", TEXT, ROW, "ProductCode",
		   "subproduct code (sp_...)"),
	COLUMN("product_code_name", TEXT, ROW, "ProductCodeName",
		   "localized label of the subproduct"),
	COLUMN("pay_mode_name", TEXT, ROW, "PayModeName",
		   "localized label of the billing mode"),
	COLUMN("project_name", TEXT, ROW, "ProjectName",
		   "project name"),
	COLUMN("region_id", BIGINT, ROW, "RegionId",
		   "region id, 0 = other"),
	COLUMN("region_name", TEXT, ROW, "RegionName",
		   "localized label of the region"),
	COLUMN("zone_name", TEXT, ROW, "ZoneName",
		   "localized label of the availability zone"),
	COLUMN("resource_id", TEXT, ROW, "ResourceId",
		   "resource (instance) id"),
	COLUMN("resource_name", TEXT, ROW, "ResourceName",
		   "name given to the resource by the user"),
	COLUMN("instance_type", TEXT, ROW, "InstanceType",
		   "instance type code (ri, svp, ...), - for none"),
	COLUMN("action_type_name", TEXT, ROW, "ActionTypeName",
		   "localized label of the transaction type"),
	COLUMN("order_id", TEXT, ROW, "OrderId",
		   "order number of subscriptions"),
	COLUMN("owner_uin", TEXT, ROW, "OwnerUin",
		   "account that uses the resource"),
	COLUMN("operate_uin", TEXT, ROW, "OperateUin",
		   "account or role that ordered or activated the resource"),
	COLUMN("bill_month", TEXT, ROW, "BillMonth",
		   "month as the API returns it, documented as YYYY-MM-01 00:00:00"),
	COLUMN("pay_time", TIMESTAMP, ROW, "PayTime",
		   "when the fee was deducted, Beijing time"),
	COLUMN("fee_begin_time", TIMESTAMP, ROW, "FeeBeginTime",
		   "start of the usage charged, Beijing time"),
	COLUMN("fee_end_time", TIMESTAMP, ROW, "FeeEndTime",
		   "end of the usage charged, Beijing time"),
	COLUMN("config_desc", TEXT, ROW, "ConfigDesc",
		   "billing items and usage as one text"),
	AMOUNT_COLUMNS,
	COLUMN("discount", NUMERIC, ROW, "Discount",
		   "discount multiplier, 1 = none"),
	COLUMN("reduce_type", TEXT, ROW, "ReduceType",
		   "localized label of the discount type"),
	COLUMN("original_cost_with_ri", NUMERIC, ROW, "OriginalCostWithRI",
		   "original price covered by reserved instances, in currency units"),
	COLUMN("original_cost_with_sp", NUMERIC, ROW, "OriginalCostWithSP",
		   "original price covered by savings plans, in currency units"),
	COLUMN("sp_deduction", NUMERIC, ROW, "SPDeduction",
		   "amount covered by savings plans, in currency units (deprecated by the API)"),
	COLUMN("tags", JSONB, TAGS, "Tags",
		   "cost allocation tags as one object of key and value, {} without tags"),
	COLUMN("extend_field1", TEXT, ROW, "ExtendField1",
		   "product-specific extension 1"),
	COLUMN("extend_field2", TEXT, ROW, "ExtendField2",
		   "product-specific extension 2"),
	COLUMN("extend_field3", TEXT, ROW, "ExtendField3",
		   "product-specific extension 3, - for none"),
	COLUMN("extend_field4", TEXT, ROW, "ExtendField4",
		   "product-specific extension 4, - for none"),
	COLUMN("extend_field5", TEXT, ROW, "ExtendField5",
		   "product-specific extension 5, - for none"),
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
 * Is the site among those?
 */
bool
bf_catalog_has_site(BfSites sites, BfSite site)
{
	return sites == BF_SITES_BOTH ||
		(sites == BF_SITES_INTL) == (site == BF_SITE_INTL);
}

/*
 * Do months bound what the table holds: those that requests name, or those
 * of a period that they must name?
 */
bool
bf_catalog_has_months(const BfTable *table)
{
	for (const BfParam *param = table->action->params; param->column; param++)
		if (param->domain == BF_DOMAIN_MONTH ||
			(param->domain == BF_DOMAIN_RANGE && param->required))
			return true;
	return false;
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

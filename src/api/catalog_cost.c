/*-------------------------------------------------------------------------
 *
 * catalog_cost.c
 *	  Tables of consumption (cost spread over the time of use) and the cost explorer.
 *
 * IDENTIFICATION
 *	  src/api/catalog_cost.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/catalog_entries.h"

#include <stddef.h>

/* ---------- DescribeCostDetail ---------- */

static const BfParam cost_detail_params[] = {
	MONTH_PARAM,
	PAY_MODE_PARAM,
	OPEN_PARAM("product_code", "ProductCode", "sp_cvm_s5"),
	OPEN_PARAM("resource_id", "ResourceId", "ins-12345678"),
	OPEN_PARAM("business_code", "BusinessCode", "p_cvm",
			   .sites = BF_SITES_CHINA),
	INPUT_PARAM("project_id", "ProjectId", "0",
				.sites = BF_SITES_CHINA),
	INPUT_PARAM("region_id", "RegionId", "1",
				.sites = BF_SITES_CHINA),
	NO_PARAM
};

static const BfAction cost_detail_action = {
	.name = "DescribeCostDetail",
	.does = "read the consumption lines",
	.params = cost_detail_params,
	.constants = bf_catalog_need_record_num,
	.rows = "DetailSet",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 100,
	.total = "Total",
	.first_month = "2018-01",
};

static const BfColumn cost_detail_columns[] = {
	MONTH_COLUMN,
	COLUMN("pay_mode", TEXT, PAY_MODE, "PayModeName",
		   "billing mode code (prePay, postPay, riPay) of pay_mode_name, NULL for an unknown label"),
	COLUMN("project_id", TEXT, REQUEST, NULL,
		   "project id asked for, NULL when none was",
		   .sites = BF_SITES_CHINA),
	COLUMN("region_id", TEXT, REQUEST, NULL,
		   "region id asked for, NULL when none was",
		   .sites = BF_SITES_CHINA),
	PAYER_UIN_COLUMN(ROW),
	COLUMN("business_code", TEXT, ROW, "BusinessCode",
		   "product code (p_...)",
		   .sites = BF_SITES_CHINA),
	BUSINESS_CODE_NAME_COLUMN(ROW),
	PRODUCT_CODE_COLUMN(ROW),
	PRODUCT_CODE_NAME_COLUMN(ROW),
	PAY_MODE_NAME_COLUMN(ROW),
	PROJECT_NAME_COLUMN(ROW),
	REGION_NAME_COLUMN(ROW),
	ZONE_NAME_COLUMN(ROW),
	RESOURCE_ID_COLUMN(ROW),
	RESOURCE_NAME_COLUMN(ROW),
	ACTION_TYPE_NAME_COLUMN(ROW),
	ORDER_ID_COLUMN(ROW),
	BILL_ID_COLUMN(ROW),
	COLUMN("owner_uin", TEXT, ROW, "OwnerUin",
		   "account that uses the resource",
		   .sites = BF_SITES_CHINA),
	COLUMN("operate_uin", TEXT, ROW, "OperateUin",
		   "account or role that ordered or activated the resource",
		   .sites = BF_SITES_CHINA),
	COLUMN("pay_time", TIMESTAMP, ROW, "PayTime",
		   "when the fee was deducted",
		   .sites = BF_SITES_CHINA),
	FEE_BEGIN_TIME_COLUMN(ROW),
	FEE_END_TIME_COLUMN(ROW),
	TAGS_COLUMN,
	COMPONENT_SET_COLUMN(ROW),
	NO_COLUMN
};

static const BfTable cost_detail_table = {
	.name = "cost_detail",
	.family = "cost",
	.action = &cost_detail_action,
	.columns = cost_detail_columns,
	.rows_per_request = 1000,
	.grain = "One row per consumption line.",
	.caution = "A line holds no amounts itself: they are in its components, see cost_detail_component.  The API keeps lines for 18 months.",
};

static const BfColumn cost_detail_component_columns[] = {
	MONTH_COLUMN,
	COLUMN("pay_mode", TEXT, PARENT_PAY_MODE, "PayModeName",
		   "billing mode code (prePay, postPay, riPay) of pay_mode_name, NULL for an unknown label"),
	COLUMN("project_id", TEXT, REQUEST, NULL,
		   "project id asked for, NULL when none was",
		   .sites = BF_SITES_CHINA),
	COLUMN("region_id", TEXT, REQUEST, NULL,
		   "region id asked for, NULL when none was",
		   .sites = BF_SITES_CHINA),
	PAYER_UIN_COLUMN(PARENT),
	COLUMN("business_code", TEXT, PARENT, "BusinessCode",
		   "product code (p_...)",
		   .sites = BF_SITES_CHINA),
	BUSINESS_CODE_NAME_COLUMN(PARENT),
	PRODUCT_CODE_COLUMN(PARENT),
	PRODUCT_CODE_NAME_COLUMN(PARENT),
	PAY_MODE_NAME_COLUMN(PARENT),
	PROJECT_NAME_COLUMN(PARENT),
	REGION_NAME_COLUMN(PARENT),
	ZONE_NAME_COLUMN(PARENT),
	RESOURCE_ID_COLUMN(PARENT),
	RESOURCE_NAME_COLUMN(PARENT),
	ACTION_TYPE_NAME_COLUMN(PARENT),
	ORDER_ID_COLUMN(PARENT),
	BILL_ID_COLUMN(PARENT),
	COLUMN("owner_uin", TEXT, PARENT, "OwnerUin",
		   "account that uses the resource",
		   .sites = BF_SITES_CHINA),
	COLUMN("operate_uin", TEXT, PARENT, "OperateUin",
		   "account or role that ordered or activated the resource",
		   .sites = BF_SITES_CHINA),
	COLUMN("pay_time", TIMESTAMP, PARENT, "PayTime",
		   "when the fee was deducted",
		   .sites = BF_SITES_CHINA),
	FEE_BEGIN_TIME_COLUMN(PARENT),
	FEE_END_TIME_COLUMN(PARENT),
	COLUMN("component_code", TEXT, ROW, "ComponentCode",
		   "component type code (v_...)",
		   .sites = BF_SITES_CHINA),
	COMPONENT_CODE_NAME_COLUMN(ROW),
	COLUMN("item_code", TEXT, ROW, "ItemCode",
		   "component code (sv_...)",
		   .sites = BF_SITES_CHINA),
	ITEM_CODE_NAME_COLUMN(ROW),
	SINGLE_PRICE_COLUMN(ROW),
	PRICE_UNIT_COLUMN(ROW),
	COLUMN("used_amount", NUMERIC, ROW, "UsedAmount",
		   "usage",
		   .unit = "units of used_amount_unit"),
	USED_AMOUNT_UNIT_COLUMN(ROW),
	COST_COLUMN(ROW),
	DISCOUNT_COLUMN(ROW),
	REAL_COST_COLUMN(ROW),
	CASH_PAY_AMOUNT_COLUMN(ROW),
	INCENTIVE_PAY_AMOUNT_COLUMN(ROW),
	VOUCHER_PAY_AMOUNT_COLUMN(ROW),
	TAX_COLUMN(ROW),
	TAX_RATE_COLUMN(ROW),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable cost_detail_component_table = {
	.name = "cost_detail_component",
	.family = "cost",
	.action = &cost_detail_action,
	.nested = "ComponentSet",
	.columns = cost_detail_component_columns,
	.rows_per_request = 1000,
	.grain = "One row per component of a consumption line.",
	.caution = "Consumption is cost spread over the time of use: it must not be added to bills.  A line has several components: count lines in cost_detail.  Prices, usages and discounts must not be summed.",
};

/* ---------- DescribeCostSummaryByProduct ---------- */

static const BfParam cost_summary_by_product_params[] = {
	MONTH_RANGE_PARAM,
	PAYER_UIN_PARAM,
	NO_PARAM
};

static const BfAction cost_summary_by_product_action = {
	.name = "DescribeCostSummaryByProduct",
	.does = "read the consumption by product",
	.params = cost_summary_by_product_params,
	.constants = bf_catalog_need_record_num,
	.rows = "Data",
	.ready_flag = true,
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 100,
	.total = "RecordNum",
	.first_month = "2018-01",
};

static const BfColumn cost_summary_by_product_columns[] = {
	MONTH_COLUMN,
	PAYER_UIN_ASKED_COLUMN,
	BUSINESS_CODE_COLUMN(ROW),
	BUSINESS_CODE_NAME_COLUMN(ROW),
	COLUMN("region_name", TEXT, ROW, "RegionName",
		   "localized label of the region; filled in summaries by region only"),
	REAL_TOTAL_COST_COLUMN(ROW),
	CASH_PAY_AMOUNT_COLUMN(ROW),
	INCENTIVE_PAY_AMOUNT_COLUMN(ROW),
	VOUCHER_PAY_AMOUNT_COLUMN(ROW),
	TRANSFER_PAY_AMOUNT_COLUMN(ROW),
	AMOUNT_BEFORE_TAX_COLUMN(ROW),
	TAX_COLUMN(ROW),
	LEFT_REAL_TOTAL_COST_COLUMN(ROW),
	TREND_COLUMN(ROW),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable cost_summary_by_product_table = {
	.name = "cost_summary_by_product",
	.family = "cost",
	.action = &cost_summary_by_product_action,
	.columns = cost_summary_by_product_columns,
	.rows_per_request = 30,
	.grain = "One row per month and product.",
	.caution = "Consumption is cost spread over the time of use: it must not be added to bills.  Column left_real_total_cost is a state, not an amount of the month.",
};

/* ---------- DescribeCostSummaryByProject ---------- */

static const BfParam cost_summary_by_project_params[] = {
	MONTH_RANGE_PARAM,
	PAYER_UIN_PARAM,
	NO_PARAM
};

static const BfAction cost_summary_by_project_action = {
	.name = "DescribeCostSummaryByProject",
	.does = "read the consumption by project",
	.params = cost_summary_by_project_params,
	.constants = bf_catalog_need_record_num,
	.rows = "Data",
	.ready_flag = true,
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 100,
	.total = "RecordNum",
	.first_month = "2018-01",
};

static const BfColumn cost_summary_by_project_columns[] = {
	MONTH_COLUMN,
	PAYER_UIN_ASKED_COLUMN,
	COLUMN("project_id", TEXT, ROW, "ProjectId",
		   "project id, 0 = default project"),
	PROJECT_NAME_COLUMN(ROW),
	REAL_TOTAL_COST_COLUMN(ROW),
	CASH_PAY_AMOUNT_COLUMN(ROW),
	INCENTIVE_PAY_AMOUNT_COLUMN(ROW),
	VOUCHER_PAY_AMOUNT_COLUMN(ROW),
	TRANSFER_PAY_AMOUNT_COLUMN(ROW),
	AMOUNT_BEFORE_TAX_COLUMN(ROW),
	TAX_COLUMN(ROW),
	LEFT_REAL_TOTAL_COST_COLUMN(ROW),
	TREND_COLUMN(ROW),
	COLUMN("business", JSONB, ROW, "Business",
		   "split of the project by product, as sent"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable cost_summary_by_project_table = {
	.name = "cost_summary_by_project",
	.family = "cost",
	.action = &cost_summary_by_project_action,
	.columns = cost_summary_by_project_columns,
	.rows_per_request = 10,
	.grain = "One row per month and project.",
	.caution = "Consumption is cost spread over the time of use: it must not be added to bills.  Column left_real_total_cost is a state, not an amount of the month.",
};

static const BfColumn cost_summary_by_project_business_columns[] = {
	MONTH_COLUMN,
	PAYER_UIN_ASKED_COLUMN,
	COLUMN("project_id", TEXT, PARENT, "ProjectId",
		   "project id, 0 = default project"),
	PROJECT_NAME_COLUMN(PARENT),
	BUSINESS_CODE_COLUMN(ROW),
	BUSINESS_CODE_NAME_COLUMN(ROW),
	COLUMN("region_name", TEXT, ROW, "RegionName",
		   "localized label of the region; filled in summaries by region only"),
	REAL_TOTAL_COST_COLUMN(ROW),
	CASH_PAY_AMOUNT_COLUMN(ROW),
	INCENTIVE_PAY_AMOUNT_COLUMN(ROW),
	VOUCHER_PAY_AMOUNT_COLUMN(ROW),
	TRANSFER_PAY_AMOUNT_COLUMN(ROW),
	AMOUNT_BEFORE_TAX_COLUMN(ROW),
	TAX_COLUMN(ROW),
	LEFT_REAL_TOTAL_COST_COLUMN(ROW),
	TREND_COLUMN(ROW),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable cost_summary_by_project_business_table = {
	.name = "cost_summary_by_project_business",
	.family = "cost",
	.action = &cost_summary_by_project_action,
	.nested = "Business",
	.columns = cost_summary_by_project_business_columns,
	.rows_per_request = 100,
	.grain = "One row per month, project and product in it.",
	.caution = "Consumption is cost spread over the time of use: it must not be added to bills.  Column left_real_total_cost is a state, not an amount of the month.  Parts need not add up exactly to the totals of cost_summary_by_project.",
};

/* ---------- DescribeCostSummaryByRegion ---------- */

static const BfParam cost_summary_by_region_params[] = {
	MONTH_RANGE_PARAM,
	PAYER_UIN_PARAM,
	NO_PARAM
};

static const BfAction cost_summary_by_region_action = {
	.name = "DescribeCostSummaryByRegion",
	.does = "read the consumption by region",
	.params = cost_summary_by_region_params,
	.constants = bf_catalog_need_record_num,
	.rows = "Data",
	.ready_flag = true,
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 100,
	.total = "RecordNum",
	.first_month = "2018-01",
};

static const BfColumn cost_summary_by_region_columns[] = {
	MONTH_COLUMN,
	PAYER_UIN_ASKED_COLUMN,
	REGION_ID_COLUMN(ROW),
	REGION_NAME_COLUMN(ROW),
	REAL_TOTAL_COST_COLUMN(ROW),
	CASH_PAY_AMOUNT_COLUMN(ROW),
	INCENTIVE_PAY_AMOUNT_COLUMN(ROW),
	VOUCHER_PAY_AMOUNT_COLUMN(ROW),
	TRANSFER_PAY_AMOUNT_COLUMN(ROW),
	AMOUNT_BEFORE_TAX_COLUMN(ROW),
	TAX_COLUMN(ROW),
	LEFT_REAL_TOTAL_COST_COLUMN(ROW),
	TREND_COLUMN(ROW),
	COLUMN("business", JSONB, ROW, "Business",
		   "split of the region by product, as sent"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable cost_summary_by_region_table = {
	.name = "cost_summary_by_region",
	.family = "cost",
	.action = &cost_summary_by_region_action,
	.columns = cost_summary_by_region_columns,
	.rows_per_request = 10,
	.grain = "One row per month and region.",
	.caution = "Consumption is cost spread over the time of use: it must not be added to bills.  Column left_real_total_cost is a state, not an amount of the month.",
};

static const BfColumn cost_summary_by_region_business_columns[] = {
	MONTH_COLUMN,
	PAYER_UIN_ASKED_COLUMN,
	REGION_ID_COLUMN(PARENT),
	REGION_NAME_COLUMN(PARENT),
	BUSINESS_CODE_COLUMN(ROW),
	BUSINESS_CODE_NAME_COLUMN(ROW),
	REAL_TOTAL_COST_COLUMN(ROW),
	CASH_PAY_AMOUNT_COLUMN(ROW),
	INCENTIVE_PAY_AMOUNT_COLUMN(ROW),
	VOUCHER_PAY_AMOUNT_COLUMN(ROW),
	TRANSFER_PAY_AMOUNT_COLUMN(ROW),
	AMOUNT_BEFORE_TAX_COLUMN(ROW),
	TAX_COLUMN(ROW),
	LEFT_REAL_TOTAL_COST_COLUMN(ROW),
	TREND_COLUMN(ROW),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable cost_summary_by_region_business_table = {
	.name = "cost_summary_by_region_business",
	.family = "cost",
	.action = &cost_summary_by_region_action,
	.nested = "Business",
	.columns = cost_summary_by_region_business_columns,
	.rows_per_request = 100,
	.grain = "One row per month, region and product in it.",
	.caution = "Consumption is cost spread over the time of use: it must not be added to bills.  Column left_real_total_cost is a state, not an amount of the month.  Parts need not add up exactly to the totals of cost_summary_by_region.",
};

/* ---------- DescribeCostSummaryByResource ---------- */

static const BfParam cost_summary_by_resource_params[] = {
	MONTH_RANGE_PARAM,
	PAYER_UIN_PARAM,
	ARRAY_PARAM("project_id", "Conditions.ProjectIds", "0",
				.form = BF_FORM_INTEGER),
	ARRAY_PARAM("region_id", "Conditions.RegionIds", "1",
				.form = BF_FORM_INTEGER),
	ARRAY_PARAM("pay_mode", "Conditions.PayModes", "prePay"),
	{
		.column = "tag_key",
		.member = "TagKey",
		.domain = BF_DOMAIN_OPEN,
		.input = true,
		.sites = BF_SITES_CHINA,
		.sent_with = "tag_value",
		.sent_since = "2021-01",
		.example = "project",
	},
	{
		.column = "tag_value",
		.member = "TagValue",
		.domain = BF_DOMAIN_OPEN,
		.input = true,
		.sites = BF_SITES_CHINA,
		.when_column = "tag_key",
		.object = "tags",
		.sent_with = "tag_key",
		.sent_since = "2021-01",
		.example = "web",
	},
	NO_PARAM
};

static const BfAction cost_summary_by_resource_action = {
	.name = "DescribeCostSummaryByResource",
	.does = "read the consumption by resource",
	.params = cost_summary_by_resource_params,
	.constants = bf_catalog_need_record_num,
	.rows = "Data",
	.ready_flag = true,
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 100,
	.total = "RecordNum",
	.first_month = "2018-01",
};

static const BfColumn cost_summary_by_resource_columns[] = {
	MONTH_COLUMN,
	PAYER_UIN_ASKED_COLUMN,
	COLUMN("tag_key", TEXT, REQUEST, NULL,
		   "tag key asked for, NULL when none was; each resource row appears once per key asked for",
		   .sites = BF_SITES_CHINA),
	COLUMN("tag_value", TEXT, TAG_VALUE, "Tags",
		   "value of the tag asked for, empty without that tag, NULL when no key was asked for",
		   .sites = BF_SITES_CHINA),
	RESOURCE_ID_COLUMN(ROW),
	RESOURCE_NAME_COLUMN(ROW),
	BUSINESS_CODE_COLUMN(ROW),
	BUSINESS_CODE_NAME_COLUMN(ROW),
	PRODUCT_CODE_COLUMN(ROW),
	PRODUCT_CODE_NAME_COLUMN(ROW),
	COLUMN("pay_mode", TEXT, ROW, "PayMode",
		   "billing mode code: prePay, postPay, riPay"),
	PAY_MODE_NAME_COLUMN(ROW),
	COLUMN("project_id", TEXT, ROW, "ProjectId",
		   "project id, 0 = default project"),
	PROJECT_NAME_COLUMN(ROW),
	REGION_ID_COLUMN(ROW),
	REGION_NAME_COLUMN(ROW),
	REGION_TYPE_COLUMN(ROW),
	REGION_TYPE_NAME_COLUMN(ROW),
	ZONE_NAME_COLUMN(ROW),
	COLUMN("instance_type", TEXT, ROW, "InstanceType",
		   "instance type code (ri, svp, ...)"),
	INSTANCE_TYPE_NAME_COLUMN(ROW),
	COLUMN("consumption_type_name", TEXT, ROW, "ConsumptionTypeName",
		   "localized label of the consumption type"),
	ORDER_ID_COLUMN(ROW),
	BILL_PAYER_UIN_COLUMN(ROW),
	OWNER_UIN_COLUMN(ROW),
	OPERATE_UIN_COLUMN(ROW),
	PAY_TIME_COLUMN(ROW),
	FEE_BEGIN_TIME_COLUMN(ROW),
	FEE_END_TIME_COLUMN(ROW),
	COLUMN("day_diff", NUMERIC, ROW, "DayDiff",
		   "number of days of use"),
	AMOUNT("daily_total_cost", ROW, "DailyTotalCost",
		   "cost per day"),
	AMOUNT("real_cost", ROW, "RealCost",
		   "original price (despite its name)"),
	REAL_TOTAL_COST_COLUMN(ROW),
	CASH_PAY_AMOUNT_COLUMN(ROW),
	INCENTIVE_PAY_AMOUNT_COLUMN(ROW),
	VOUCHER_PAY_AMOUNT_COLUMN(ROW),
	TRANSFER_PAY_AMOUNT_COLUMN(ROW),
	AMOUNT_BEFORE_TAX_COLUMN(ROW),
	TAX_COLUMN(ROW),
	TAX_RATE_COLUMN(ROW),
	LEFT_REAL_TOTAL_COST_COLUMN(ROW),
	COLUMN("component_config", TEXT, ROW, "ComponentConfig",
		   "configuration as one text"),
	COLUMN("tags", JSONB, TAGS, "Tags",
		   "tags as one object of key and value, {} without tags; the API sends a text"),
	COLUMN("extend1", TEXT, ROW, "Extend1",
		   "product-specific extension 1"),
	COLUMN("extend2", TEXT, ROW, "Extend2",
		   "product-specific extension 2"),
	COLUMN("extend3", TEXT, ROW, "Extend3",
		   "product-specific extension 3"),
	COLUMN("extend4", TEXT, ROW, "Extend4",
		   "product-specific extension 4"),
	COLUMN("extend5", TEXT, ROW, "Extend5",
		   "product-specific extension 5"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable cost_summary_by_resource_table = {
	.name = "cost_summary_by_resource",
	.family = "cost",
	.action = &cost_summary_by_resource_action,
	.columns = cost_summary_by_resource_columns,
	.rows_per_request = 1000,
	.grain = "One row per month and resource (and order or consumption type).",
	.caution = "Consumption is cost spread over the time of use: it must not be added to bills.  A resource may have several rows.  When tag_key is asked for, every row appears once per key: sum within one tag_key only.  Columns daily_total_cost and day_diff must not be summed.",
};

/* ---------- DescribeCostSummaryByTag ---------- */

static const BfParam cost_summary_by_tag_params[] = {
	MONTH_RANGE_PARAM,
	OPEN_PARAM("tag_key", "TagKey", "project",
			   .required = true),
	NO_PARAM
};

static const BfAction cost_summary_by_tag_action = {
	.name = "DescribeCostSummaryByTag",
	.does = "read the consumption by tag",
	.sites = BF_SITES_CHINA,
	.params = cost_summary_by_tag_params,
	.rows = "SummaryOverview",
	.ready_flag = true,
	.paging = BF_PAGING_NONE,
	.first_month = "2018-01",
};

static const BfColumn cost_summary_by_tag_columns[] = {
	MONTH_COLUMN,
	COLUMN("tag_key", TEXT, REQUEST, NULL,
		   "tag key asked for"),
	COLUMN("tag_value", TEXT, ROW, "TagValue",
		   "tag value, empty for resources without that tag"),
	REAL_TOTAL_COST_RATIO_COLUMN(ROW),
	AMOUNT_COLUMNS,
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable cost_summary_by_tag_table = {
	.name = "cost_summary_by_tag",
	.family = "cost",
	.action = &cost_summary_by_tag_action,
	.columns = cost_summary_by_tag_columns,
	.rows_per_request = 10,
	.grain = "One row per month, tag key and value of that tag.",
	.caution = "Consumption is cost spread over the time of use: it must not be added to bills.  The same money appears once per tag key: sum within one tag_key only.  Ratios are rounded and need not sum to 100.",
};

/* ---------- DescribeCostExplorerSummary ---------- */

static const char *const cost_explorer_summary_bill_types[] = {
	"1", "2", NULL
};

static const char *const cost_explorer_summary_fee_types[] = {
	"cost", "totalCost", NULL
};

static const char *const cost_explorer_summary_dimensions[] = {
	"default", "feeType", "billType", "business", "product", "region",
	"zone", "actionType", "payMode", "tags", "project", "payerUin",
	"ownerUin", NULL
};

static const BfParam cost_explorer_summary_params[] = {
	{
		.column = "month",
		.member = "BeginTime",
		.member2 = "EndTime",
		.domain = BF_DOMAIN_MONTH,
		.form = BF_FORM_SECOND,
		.required = true,
		.example = "2023-04",
	},
	{
		.column = "bill_type",
		.member = "BillType",
		.domain = BF_DOMAIN_CLOSED,
		.required = true,
		.values = cost_explorer_summary_bill_types,
		.example = "1",
	},
	{
		.column = "period_type",
		.member = "PeriodType",
		.domain = BF_DOMAIN_CLOSED,
		.required = true,
		.values = bf_catalog_period_types,
		.example = "month",
	},
	{
		.column = "fee_type",
		.member = "FeeType",
		.domain = BF_DOMAIN_CLOSED,
		.required = true,
		.values = cost_explorer_summary_fee_types,
		.example = "cost",
	},
	{
		.column = "dimensions",
		.member = "Dimensions",
		.domain = BF_DOMAIN_CLOSED,
		.required = true,
		.values = cost_explorer_summary_dimensions,
		.example = "business",
	},
	{
		.column = "tag_key",
		.member = "TagKeyStr",
		.domain = BF_DOMAIN_OPEN,
		.required = true,
		.when_column = "dimensions",
		.when_value = "tags",
		.example = "project",
	},
	NO_PARAM
};

static const BfAction cost_explorer_summary_action = {
	.name = "DescribeCostExplorerSummary",
	.does = "read the cost explorer",
	.params = cost_explorer_summary_params,
	.rows = "Detail",
	.paging = BF_PAGING_NUMBER,
	.page_member = "PageNo",
	.size_member = "PageSize",
	.first_page = 1,
	.max_page = 100,
	.total = "Total",
	.first_month = "2018-01",
};

static const BfColumn cost_explorer_summary_columns[] = {
	MONTH_COLUMN,
	COLUMN("bill_type", TEXT, REQUEST, NULL,
		   "bill asked for: 1 = cost, 2 = consumption"),
	COLUMN("period_type", TEXT, REQUEST, NULL,
		   "length of the periods asked for: day or month"),
	COLUMN("fee_type", TEXT, REQUEST, NULL,
		   "amount asked for: cost = after discount, totalCost = original price"),
	COLUMN("dimensions", TEXT, REQUEST, NULL,
		   "dimension asked for: default, feeType, billType, business, product, region, zone, actionType, payMode, tags, project, payerUin or ownerUin"),
	COLUMN("tag_key", TEXT, REQUEST, NULL,
		   "tag key asked for where dimensions is tags, else NULL"),
	COLUMN("name", TEXT, ROW, "Name",
		   "localized label of the value of the dimension"),
	AMOUNT("total", ROW, "Total",
		   "amount of the month"),
	COLUMN("time_detail", JSONB, ROW, "TimeDetail",
		   "amounts by period, as sent: Time and Money"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable cost_explorer_summary_table = {
	.name = "cost_explorer_summary",
	.family = "cost",
	.action = &cost_explorer_summary_action,
	.columns = cost_explorer_summary_columns,
	.rows_per_request = 20,
	.grain = "One row per month, dimension and value of it.",
	.caution = "The same money appears once per bill_type, period_type, fee_type and dimensions, and with dimensions tags once per tag key: sum within one of each only.",
};

static const BfColumn cost_explorer_summary_time_detail_columns[] = {
	MONTH_COLUMN,
	COLUMN("bill_type", TEXT, REQUEST, NULL,
		   "bill asked for: 1 = cost, 2 = consumption"),
	COLUMN("period_type", TEXT, REQUEST, NULL,
		   "length of the periods asked for: day or month"),
	COLUMN("fee_type", TEXT, REQUEST, NULL,
		   "amount asked for: cost = after discount, totalCost = original price"),
	COLUMN("dimensions", TEXT, REQUEST, NULL,
		   "dimension asked for: default, feeType, billType, business, product, region, zone, actionType, payMode, tags, project, payerUin or ownerUin"),
	COLUMN("tag_key", TEXT, REQUEST, NULL,
		   "tag key asked for where dimensions is tags, else NULL"),
	COLUMN("name", TEXT, PARENT, "Name",
		   "localized label of the value of the dimension"),
	COLUMN("time", TIMESTAMP, ROW, "Time",
		   "first moment of the period"),
	AMOUNT("money", ROW, "Money",
		   "amount of the period"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable cost_explorer_summary_time_detail_table = {
	.name = "cost_explorer_summary_time_detail",
	.family = "cost",
	.action = &cost_explorer_summary_action,
	.nested = "TimeDetail",
	.columns = cost_explorer_summary_time_detail_columns,
	.rows_per_request = 200,
	.grain = "One row per month, dimension, value of it and period (day or month).",
	.caution = "The same money appears once per bill_type, period_type, fee_type and dimensions, and with dimensions tags once per tag key: sum within one of each only.",
};

const BfTable *const bf_catalog_cost[] = {
	&cost_detail_table,
	&cost_detail_component_table,
	&cost_summary_by_product_table,
	&cost_summary_by_project_table,
	&cost_summary_by_project_business_table,
	&cost_summary_by_region_table,
	&cost_summary_by_region_business_table,
	&cost_summary_by_resource_table,
	&cost_summary_by_tag_table,
	&cost_explorer_summary_table,
	&cost_explorer_summary_time_detail_table,
	NULL
};

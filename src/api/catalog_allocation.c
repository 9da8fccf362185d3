/*-------------------------------------------------------------------------
 *
 * catalog_allocation.c
 *	  Tables of cost allocation: units, rules, and the bill by unit.
 *
 * IDENTIFICATION
 *	  src/api/catalog_allocation.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/catalog_entries.h"

#include <stddef.h>

/* How a cost got to its unit: allocated, collected, or not at all. */
static const char *const allocation_types[] = {"0", "1", "-1", NULL};

/* ---------- DescribeAllocationOverview ---------- */

static const BfParam allocation_overview_params[] = {
	MONTH_PARAM,
	{
		.column = "period_type",
		.member = "PeriodType",
		.domain = BF_DOMAIN_CLOSED,
		.required = true,
		.values = bf_catalog_period_types,
		.example = "month",
	},
	ARRAY_PARAM("tree_node_uniq_key", "TreeNodeUniqKeys", "100000000001-65b9a02cd832f"),
	NO_PARAM
};

static const BfAction allocation_overview_action = {
	.name = "DescribeAllocationOverview",
	.does = "read the totals of cost allocation units",
	.params = allocation_overview_params,
	.rows = "Detail",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 1000,
	.total = "RecordNum",
	.first_month = "2018-01",
};

static const BfColumn allocation_overview_columns[] = {
	MONTH_COLUMN,
	PERIOD_TYPE_COLUMN,
	TREE_NODE_UNIQ_KEY_COLUMN(ROW),
	TREE_NODE_UNIQ_KEY_NAME_COLUMN(ROW),
	COLUMN("bill_date", TEXT, ROW, "BillDate",
		   "settlement date as the API returns it; may be NULL where period_type is month"),
	AMOUNT("gather_cash_pay_amount", ROW, "GatherCashPayAmount",
		   "cost collected by the unit and paid by cash"),
	AMOUNT("gather_voucher_pay_amount", ROW, "GatherVoucherPayAmount",
		   "cost collected by the unit and paid by vouchers"),
	AMOUNT("gather_incentive_pay_amount", ROW, "GatherIncentivePayAmount",
		   "cost collected by the unit and paid by free credit"),
	AMOUNT("gather_transfer_pay_amount", ROW, "GatherTransferPayAmount",
		   "cost collected by the unit and paid by royalty (commission) credit"),
	AMOUNT("allocate_cash_pay_amount", ROW, "AllocateCashPayAmount",
		   "share allocated to the unit and paid by cash"),
	AMOUNT("allocate_voucher_pay_amount", ROW, "AllocateVoucherPayAmount",
		   "share allocated to the unit and paid by vouchers"),
	AMOUNT("allocate_incentive_pay_amount", ROW, "AllocateIncentivePayAmount",
		   "share allocated to the unit and paid by free credit"),
	AMOUNT("allocate_transfer_pay_amount", ROW, "AllocateTransferPayAmount",
		   "share allocated to the unit and paid by royalty (commission) credit"),
	AMOUNT("total_cash_pay_amount", ROW, "TotalCashPayAmount",
		   "total of the unit paid by cash"),
	AMOUNT("total_voucher_pay_amount", ROW, "TotalVoucherPayAmount",
		   "total of the unit paid by vouchers"),
	AMOUNT("total_incentive_pay_amount", ROW, "TotalIncentivePayAmount",
		   "total of the unit paid by free credit"),
	AMOUNT("total_transfer_pay_amount", ROW, "TotalTransferPayAmount",
		   "total of the unit paid by royalty (commission) credit"),
	AMOUNT("gather_real_cost", ROW, "GatherRealCost",
		   "cost collected by the unit after discount"),
	AMOUNT("allocate_real_cost", ROW, "AllocateRealCost",
		   "share allocated to the unit after discount"),
	AMOUNT("real_total_cost", ROW, "RealTotalCost",
		   "total of the unit after discount, collected and allocated"),
	AMOUNT("gather_cost_before_tax", ROW, "GatherCostBeforeTax",
		   "cost collected by the unit before tax",
		   .sites = BF_SITES_INTL),
	AMOUNT("allocate_cost_before_tax", ROW, "AllocateCostBeforeTax",
		   "share allocated to the unit before tax",
		   .sites = BF_SITES_INTL),
	AMOUNT("total_cost_before_tax", ROW, "TotalCostBeforeTax",
		   "total of the unit before tax",
		   .sites = BF_SITES_INTL),
	AMOUNT("gather_tax", ROW, "GatherTax",
		   "tax on the cost collected by the unit",
		   .sites = BF_SITES_INTL),
	AMOUNT("allocate_tax", ROW, "AllocateTax",
		   "tax on the share allocated to the unit",
		   .sites = BF_SITES_INTL),
	AMOUNT("total_tax", ROW, "TotalTax",
		   "tax on the total of the unit",
		   .sites = BF_SITES_INTL),
	COLUMN("ratio", NUMERIC, ROW, "Ratio",
		   "share of the total",
		   .unit = "percent"),
	COLUMN("trend", NUMERIC, ROW, "Trend",
		   "change against the period before; the unit is unknown"),
	COLUMN("trend_type", TEXT, ROW, "TrendType",
		   "direction of the change: upward, downward or none"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable allocation_overview_table = {
	.name = "allocation_overview",
	.family = "allocation",
	.action = &allocation_overview_action,
	.columns = allocation_overview_columns,
	.rows_per_request = 30,
	.grain = "One row per month or day and cost allocation unit.",
	.caution = "The same money appears once per period_type: sum within one period_type only.  The money is that of the bills, by unit: it must not be added to them.",
};

/* ---------- DescribeAllocationMonthOverview ---------- */

static const BfParam allocation_month_overview_params[] = {
	MONTH_PARAM,
	NO_PARAM
};

static const BfAction allocation_month_overview_action = {
	.name = "DescribeAllocationMonthOverview",
	.does = "read the tree of cost allocation units with totals",
	.params = allocation_month_overview_params,
	.rows = "Detail",
	.paging = BF_PAGING_NONE,
	.first_month = "2018-01",
};

static const BfColumn allocation_month_overview_columns[] = {
	MONTH_COLUMN,
	COLUMN("id", BIGINT, ROW, "Id",
		   "id of the cost allocation unit"),
	COLUMN("name", TEXT, ROW, "Name",
		   "name of the cost allocation unit"),
	TREE_NODE_UNIQ_KEY_COLUMN(ROW),
	COLUMN("symbol", BIGINT, ROW, "Symbol",
		   "rules of the unit: 0 none, 1 collection and allocation, 2 collection only, 3 allocation only"),
	COLUMN("detail", JSONB, ROW, "Detail",
		   "amounts of the unit, as sent, with the members of allocation_overview"),
	COLUMN("children", JSONB, ROW, "Children",
		   "units below this one, each with the same members, as sent"),
	NO_COLUMN
};

static const BfTable allocation_month_overview_table = {
	.name = "allocation_month_overview",
	.family = "allocation",
	.action = &allocation_month_overview_action,
	.columns = allocation_month_overview_columns,
	.rows_per_request = 3,
	.grain = "One row per month and topmost cost allocation unit, and one for what is allocated to none (id is NULL).",
	.caution = "Amounts of a unit contain those of the units below it (children).",
};

/* ---------- DescribeAllocationSummaryByBusiness ---------- */

static const BfParam allocation_summary_by_business_params[] = {
	MONTH_PARAM,
	{
		.column = "period_type",
		.member = "PeriodType",
		.domain = BF_DOMAIN_CLOSED,
		.required = true,
		.values = bf_catalog_period_types,
		.example = "month",
	},
	ARRAY_PARAM("tree_node_uniq_key", "TreeNodeUniqKeys", "100000000001-65b9a02cd832f"),
	ARRAY_PARAM("business_code", "BusinessCodes", "p_cvm"),
	NO_PARAM
};

static const BfAction allocation_summary_by_business_action = {
	.name = "DescribeAllocationSummaryByBusiness",
	.does = "read the cost allocation bill by product",
	.params = allocation_summary_by_business_params,
	.rows = "Detail",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 1000,
	.total = "RecordNum",
	.first_month = "2018-01",
};

static const BfColumn allocation_summary_by_business_columns[] = {
	MONTH_COLUMN,
	PERIOD_TYPE_COLUMN,
	TREE_NODE_UNIQ_KEY_COLUMN(ROW),
	TREE_NODE_UNIQ_KEY_NAME_COLUMN(ROW),
	COLUMN("bill_date", TEXT, ROW, "BillDate",
		   "settlement date as the API returns it; may be NULL where period_type is month"),
	BUSINESS_CODE_COLUMN(ROW),
	BUSINESS_CODE_NAME_COLUMN(ROW),
	AMOUNT("gather_cash_pay_amount", ROW, "GatherCashPayAmount",
		   "cost collected by the unit and paid by cash"),
	AMOUNT("gather_voucher_pay_amount", ROW, "GatherVoucherPayAmount",
		   "cost collected by the unit and paid by vouchers"),
	AMOUNT("gather_incentive_pay_amount", ROW, "GatherIncentivePayAmount",
		   "cost collected by the unit and paid by free credit"),
	AMOUNT("gather_transfer_pay_amount", ROW, "GatherTransferPayAmount",
		   "cost collected by the unit and paid by royalty (commission) credit"),
	AMOUNT("allocate_cash_pay_amount", ROW, "AllocateCashPayAmount",
		   "share allocated to the unit and paid by cash"),
	AMOUNT("allocate_voucher_pay_amount", ROW, "AllocateVoucherPayAmount",
		   "share allocated to the unit and paid by vouchers"),
	AMOUNT("allocate_incentive_pay_amount", ROW, "AllocateIncentivePayAmount",
		   "share allocated to the unit and paid by free credit"),
	AMOUNT("allocate_transfer_pay_amount", ROW, "AllocateTransferPayAmount",
		   "share allocated to the unit and paid by royalty (commission) credit"),
	AMOUNT("total_cash_pay_amount", ROW, "TotalCashPayAmount",
		   "total of the unit paid by cash"),
	AMOUNT("total_voucher_pay_amount", ROW, "TotalVoucherPayAmount",
		   "total of the unit paid by vouchers"),
	AMOUNT("total_incentive_pay_amount", ROW, "TotalIncentivePayAmount",
		   "total of the unit paid by free credit"),
	AMOUNT("total_transfer_pay_amount", ROW, "TotalTransferPayAmount",
		   "total of the unit paid by royalty (commission) credit"),
	AMOUNT("gather_real_cost", ROW, "GatherRealCost",
		   "cost collected by the unit after discount"),
	AMOUNT("allocate_real_cost", ROW, "AllocateRealCost",
		   "share allocated to the unit after discount"),
	AMOUNT("real_total_cost", ROW, "RealTotalCost",
		   "total of the unit after discount, collected and allocated"),
	TOTAL_COST_COLUMN(ROW),
	AMOUNT("ri_cost", ROW, "RICost",
		   "original price covered by reserved instances"),
	SP_COST_COLUMN(ROW),
	CASH_PAY_AMOUNT_COLUMN(ROW),
	INCENTIVE_PAY_AMOUNT_COLUMN(ROW),
	VOUCHER_PAY_AMOUNT_COLUMN(ROW),
	TRANSFER_PAY_AMOUNT_COLUMN(ROW),
	AMOUNT("allocation_real_total_cost", ROW, "AllocationRealTotalCost",
		   "total after discount that the allocation is based on"),
	AMOUNT("gather_cost_before_tax", ROW, "GatherCostBeforeTax",
		   "cost collected by the unit before tax",
		   .sites = BF_SITES_INTL),
	AMOUNT("allocate_cost_before_tax", ROW, "AllocateCostBeforeTax",
		   "share allocated to the unit before tax",
		   .sites = BF_SITES_INTL),
	AMOUNT("total_cost_before_tax", ROW, "TotalCostBeforeTax",
		   "total of the unit before tax",
		   .sites = BF_SITES_INTL),
	AMOUNT("gather_tax", ROW, "GatherTax",
		   "tax on the cost collected by the unit",
		   .sites = BF_SITES_INTL),
	AMOUNT("allocate_tax", ROW, "AllocateTax",
		   "tax on the share allocated to the unit",
		   .sites = BF_SITES_INTL),
	AMOUNT("total_tax", ROW, "TotalTax",
		   "tax on the total of the unit",
		   .sites = BF_SITES_INTL),
	TAX_COLUMN(ROW),
	COST_BEFORE_TAX_COLUMN(ROW),
	COLUMN("ratio", NUMERIC, ROW, "Ratio",
		   "share of the total",
		   .unit = "percent"),
	COLUMN("trend", NUMERIC, ROW, "Trend",
		   "change against the period before; the unit is unknown"),
	COLUMN("trend_type", TEXT, ROW, "TrendType",
		   "direction of the change: upward, downward or none"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable allocation_summary_by_business_table = {
	.name = "allocation_summary_by_business",
	.family = "allocation",
	.action = &allocation_summary_by_business_action,
	.columns = allocation_summary_by_business_columns,
	.rows_per_request = 200,
	.grain = "One row per month or day, cost allocation unit and product.",
	.caution = "The same money appears once per period_type: sum within one period_type only.  The money is that of the bills, by unit: it must not be added to them.",
};

/* ---------- DescribeAllocationSummaryByItem ---------- */

static const BfParam allocation_summary_by_item_params[] = {
	MONTH_PARAM,
	{
		.column = "period_type",
		.member = "PeriodType",
		.domain = BF_DOMAIN_CLOSED,
		.required = true,
		.values = bf_catalog_period_types,
		.example = "month",
	},
	ARRAY_PARAM("tree_node_uniq_key", "TreeNodeUniqKeys", "100000000001-65b9a02cd832f"),
	ARRAY_PARAM("business_code", "BusinessCodes", "p_cvm"),
	ARRAY_PARAM("owner_uin", "OwnerUins", "100000000001"),
	ARRAY_PARAM("operate_uin", "OperateUins", "100000000001"),
	ARRAY_PARAM("pay_mode", "PayModes", "prePay"),
	ARRAY_PARAM("action_type", "ActionTypes", "prepay_renew"),
	ARRAY_PARAM("product_code", "ProductCodes", "sp_cvm_s5"),
	ARRAY_PARAM("region_id", "RegionIds", "1",
				.form = BF_FORM_DIGITS),
	ARRAY_PARAM("zone_id", "ZoneIds", "100002",
				.form = BF_FORM_DIGITS),
	ARRAY_PARAM("instance_type", "InstanceTypes", "ri"),
	ARRAY_PARAM("component_code", "ComponentCodes", "v_cvm_compute"),
	ARRAY_PARAM("item_code", "ItemCodes", "sv_cvm_compute_s5"),
	ARRAY_PARAM("project_id", "ProjectIds", "0",
				.form = BF_FORM_INTEGER),
	ARRAY_PARAM("allocation_type", "AllocationType", "1",
				.form = BF_FORM_INTEGER,
				.values = allocation_types),
	NO_PARAM
};

static const BfAction allocation_summary_by_item_action = {
	.name = "DescribeAllocationSummaryByItem",
	.does = "read the cost allocation bill by component",
	.params = allocation_summary_by_item_params,
	.rows = "Detail",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 1000,
	.total = "RecordNum",
	.first_month = "2018-01",
};

static const BfColumn allocation_summary_by_item_columns[] = {
	MONTH_COLUMN,
	PERIOD_TYPE_COLUMN,
	TREE_NODE_UNIQ_KEY_COLUMN(ROW),
	TREE_NODE_UNIQ_KEY_NAME_COLUMN(ROW),
	BILL_DATE_COLUMN(ROW),
	COLUMN("bill_month", TEXT, ROW, "BillMonth",
		   "month of the bill line as the API returns it"),
	ALLOCATION_TYPE_COLUMN(ROW),
	PAYER_UIN_COLUMN(ROW),
	OWNER_UIN_COLUMN(ROW),
	OPERATE_UIN_COLUMN(ROW),
	BUSINESS_CODE_COLUMN(ROW),
	BUSINESS_CODE_NAME_COLUMN(ROW),
	PRODUCT_CODE_COLUMN(ROW),
	PRODUCT_CODE_NAME_COLUMN(ROW),
	PAY_MODE_COLUMN(ROW),
	PAY_MODE_NAME_COLUMN(ROW),
	ACTION_TYPE_COLUMN(ROW),
	ACTION_TYPE_NAME_COLUMN(ROW),
	PROJECT_ID_COLUMN(ROW),
	PROJECT_NAME_COLUMN(ROW),
	COLUMN("region_id", BIGINT, ROW, "RegionId",
		   "region id, 0 = other"),
	REGION_NAME_COLUMN(ROW),
	REGION_TYPE_COLUMN(ROW),
	REGION_TYPE_NAME_COLUMN(ROW),
	ZONE_ID_COLUMN(ROW),
	ZONE_NAME_COLUMN(ROW),
	RESOURCE_ID_COLUMN(ROW),
	RESOURCE_NAME_COLUMN(ROW),
	COLUMN("instance_type", TEXT, ROW, "InstanceType",
		   "instance type code (ri, svp, ...)"),
	INSTANCE_TYPE_NAME_COLUMN(ROW),
	SPLIT_ITEM_ID_COLUMN(ROW),
	SPLIT_ITEM_NAME_COLUMN(ROW),
	FEE_BEGIN_TIME_COLUMN(ROW),
	FEE_END_TIME_COLUMN(ROW),
	COMPONENT_CODE_COLUMN(ROW),
	COMPONENT_CODE_NAME_COLUMN(ROW),
	ITEM_CODE_COLUMN(ROW),
	ITEM_CODE_NAME_COLUMN(ROW),
	COLUMN("single_price", NUMERIC, ROW, "SinglePrice",
		   "list price of the component",
		   .unit = "currency units per single_price_unit"),
	COLUMN("contract_price", NUMERIC, ROW, "ContractPrice",
		   "component unit price after discount",
		   .unit = "currency units per single_price_unit"),
	COLUMN("single_price_unit", TEXT, ROW, "SinglePriceUnit",
		   "unit of the list price"),
	COLUMN("used_amount", NUMERIC, ROW, "UsedAmount",
		   "amount used",
		   .unit = "units of used_amount_unit"),
	USED_AMOUNT_UNIT_COLUMN(ROW),
	REAL_TOTAL_MEASURE_COLUMN(ROW),
	DEDUCTED_MEASURE_COLUMN(ROW),
	COLUMN("time_span", NUMERIC, ROW, "TimeSpan",
		   "duration of the usage",
		   .unit = "units of time_unit"),
	COLUMN("time_unit", TEXT, ROW, "TimeUnit",
		   "unit of the duration"),
	DISCOUNT_COLUMN(ROW),
	BLENDED_DISCOUNT_COLUMN(ROW),
	COLUMN("ri_time_span", NUMERIC, ROW, "RiTimeSpan",
		   "duration covered by reserved instances",
		   .unit = "units of time_unit"),
	TOTAL_COST_COLUMN(ROW),
	AMOUNT("ri_cost", ROW, "RiCost",
		   "original price covered by reserved instances"),
	SP_COST_COLUMN(ROW),
	SP_DEDUCTION_COLUMN(ROW),
	SP_DEDUCTION_RATE_COLUMN(ROW),
	REAL_TOTAL_COST_COLUMN(ROW),
	CASH_PAY_AMOUNT_COLUMN(ROW),
	INCENTIVE_PAY_AMOUNT_COLUMN(ROW),
	VOUCHER_PAY_AMOUNT_COLUMN(ROW),
	TRANSFER_PAY_AMOUNT_COLUMN(ROW),
	AMOUNT_BEFORE_TAX_COLUMN(ROW),
	COST_BEFORE_TAX_COLUMN(ROW),
	TAX_COLUMN(ROW),
	TAX_RATE_COLUMN(ROW),
	DISCOUNT_OBJECT_COLUMN(ROW),
	DISCOUNT_TYPE_COLUMN(ROW),
	DISCOUNT_CONTENT_COLUMN(ROW),
	RESERVE_DETAIL_COLUMN(ROW),
	COMPONENT_CONFIG_COLUMN(ROW),
	COLUMN("price_info", JSONB, ROW, "PriceInfo",
		   "attributes that influence the price, as an array of texts"),
	FORMULA_COLUMN(ROW),
	FORMULA_URL_COLUMN(ROW),
	COLUMN("associated_order", TEXT, ROW, "AssociatedOrder",
		   "orders tied to this transaction (purchase, renewals, write-off), as one text"),
	TAG_COLUMN,
	COLUMN("currency", TEXT, ROW, "Currency",
		   "currency code",
		   .sites = BF_SITES_INTL),
	NO_COLUMN
};

static const BfTable allocation_summary_by_item_table = {
	.name = "allocation_summary_by_item",
	.family = "allocation",
	.action = &allocation_summary_by_item_action,
	.columns = allocation_summary_by_item_columns,
	.rows_per_request = 1000,
	.grain = "One row per month or day, cost allocation unit, resource and component.",
	.caution = "The same money appears once per period_type: sum within one period_type only.  Prices, usages, durations and discounts must not be summed.  The money is that of the bills, by unit: it must not be added to them.",
};

/* ---------- DescribeAllocationSummaryByResource ---------- */

static const BfParam allocation_summary_by_resource_params[] = {
	MONTH_PARAM,
	{
		.column = "period_type",
		.member = "PeriodType",
		.domain = BF_DOMAIN_CLOSED,
		.required = true,
		.values = bf_catalog_period_types,
		.example = "month",
	},
	ARRAY_PARAM("tree_node_uniq_key", "TreeNodeUniqKeys", "100000000001-65b9a02cd832f"),
	ARRAY_PARAM("business_code", "BusinessCodes", "p_cvm"),
	ARRAY_PARAM("owner_uin", "OwnerUins", "100000000001"),
	ARRAY_PARAM("operate_uin", "OperateUins", "100000000001"),
	ARRAY_PARAM("pay_mode", "PayModes", "prePay"),
	ARRAY_PARAM("action_type", "ActionTypes", "prepay_renew"),
	ARRAY_PARAM("product_code", "ProductCodes", "sp_cvm_s5"),
	ARRAY_PARAM("region_id", "RegionIds", "1",
				.form = BF_FORM_DIGITS),
	ARRAY_PARAM("zone_id", "ZoneIds", "100002",
				.form = BF_FORM_DIGITS),
	ARRAY_PARAM("instance_type", "InstanceTypes", "ri"),
	ARRAY_PARAM("project_id", "ProjectIds", "0",
				.form = BF_FORM_INTEGER),
	ARRAY_PARAM("allocation_type", "AllocationType", "1",
				.form = BF_FORM_INTEGER,
				.values = allocation_types),
	NO_PARAM
};

static const BfAction allocation_summary_by_resource_action = {
	.name = "DescribeAllocationSummaryByResource",
	.does = "read the cost allocation bill by resource",
	.params = allocation_summary_by_resource_params,
	.rows = "Detail",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 1000,
	.total = "RecordNum",
	.first_month = "2018-01",
};

static const BfColumn allocation_summary_by_resource_columns[] = {
	MONTH_COLUMN,
	PERIOD_TYPE_COLUMN,
	TREE_NODE_UNIQ_KEY_COLUMN(ROW),
	TREE_NODE_UNIQ_KEY_NAME_COLUMN(ROW),
	BILL_DATE_COLUMN(ROW),
	COLUMN("bill_month", TEXT, ROW, "BillMonth",
		   "month of the bill line as the API returns it"),
	ALLOCATION_TYPE_COLUMN(ROW),
	PAYER_UIN_COLUMN(ROW),
	OWNER_UIN_COLUMN(ROW),
	OPERATE_UIN_COLUMN(ROW),
	BUSINESS_CODE_COLUMN(ROW),
	BUSINESS_CODE_NAME_COLUMN(ROW),
	PRODUCT_CODE_COLUMN(ROW),
	PRODUCT_CODE_NAME_COLUMN(ROW),
	PAY_MODE_COLUMN(ROW),
	PAY_MODE_NAME_COLUMN(ROW),
	ACTION_TYPE_COLUMN(ROW),
	ACTION_TYPE_NAME_COLUMN(ROW),
	PROJECT_ID_COLUMN(ROW),
	PROJECT_NAME_COLUMN(ROW),
	COLUMN("region_id", BIGINT, ROW, "RegionId",
		   "region id, 0 = other"),
	REGION_NAME_COLUMN(ROW),
	REGION_TYPE_COLUMN(ROW),
	REGION_TYPE_NAME_COLUMN(ROW),
	ZONE_ID_COLUMN(ROW),
	ZONE_NAME_COLUMN(ROW),
	RESOURCE_ID_COLUMN(ROW),
	RESOURCE_NAME_COLUMN(ROW),
	COLUMN("instance_type", TEXT, ROW, "InstanceType",
		   "instance type code (ri, svp, ...)"),
	INSTANCE_TYPE_NAME_COLUMN(ROW),
	SPLIT_ITEM_ID_COLUMN(ROW),
	SPLIT_ITEM_NAME_COLUMN(ROW),
	FEE_BEGIN_TIME_COLUMN(ROW),
	FEE_END_TIME_COLUMN(ROW),
	COLUMN("ri_time_span", NUMERIC, ROW, "RiTimeSpan",
		   "duration covered by reserved instances"),
	TOTAL_COST_COLUMN(ROW),
	AMOUNT("ri_cost", ROW, "RiCost",
		   "original price covered by reserved instances"),
	SP_COST_COLUMN(ROW),
	SP_DEDUCTION_COLUMN(ROW),
	REAL_TOTAL_COST_COLUMN(ROW),
	CASH_PAY_AMOUNT_COLUMN(ROW),
	INCENTIVE_PAY_AMOUNT_COLUMN(ROW),
	VOUCHER_PAY_AMOUNT_COLUMN(ROW),
	TRANSFER_PAY_AMOUNT_COLUMN(ROW),
	AMOUNT_BEFORE_TAX_COLUMN(ROW),
	COST_BEFORE_TAX_COLUMN(ROW),
	TAX_COLUMN(ROW),
	TAX_RATE_COLUMN(ROW),
	COMPONENT_CONFIG_COLUMN(ROW),
	TAG_COLUMN,
	COLUMN("currency", TEXT, ROW, "Currency",
		   "currency code",
		   .sites = BF_SITES_INTL),
	NO_COLUMN
};

static const BfTable allocation_summary_by_resource_table = {
	.name = "allocation_summary_by_resource",
	.family = "allocation",
	.action = &allocation_summary_by_resource_action,
	.columns = allocation_summary_by_resource_columns,
	.rows_per_request = 1000,
	.grain = "One row per month or day, cost allocation unit, resource and transaction type.",
	.caution = "The same money appears once per period_type: sum within one period_type only.  The money is that of the bills, by unit: it must not be added to them.",
};

/* ---------- DescribeAllocationBillDetail ---------- */

static const BfParam allocation_bill_detail_params[] = {
	MONTH_PARAM,
	ARRAY_PARAM("tree_node_uniq_key", "TreeNodeUniqKeys", "100000000001-65b9a02cd832f"),
	ARRAY_PARAM("business_code", "BusinessCodes", "p_cvm"),
	ARRAY_PARAM("owner_uin", "OwnerUins", "100000000001"),
	ARRAY_PARAM("operate_uin", "OperateUins", "100000000001"),
	ARRAY_PARAM("pay_mode", "PayModes", "prePay"),
	ARRAY_PARAM("action_type", "ActionTypes", "prepay_renew"),
	ARRAY_PARAM("product_code", "ProductCodes", "sp_cvm_s5"),
	ARRAY_PARAM("region_id", "RegionIds", "1",
				.form = BF_FORM_DIGITS),
	ARRAY_PARAM("zone_id", "ZoneIds", "100002",
				.form = BF_FORM_DIGITS),
	ARRAY_PARAM("instance_type", "InstanceTypes", "ri"),
	ARRAY_PARAM("component_code", "ComponentCodes", "v_cvm_compute"),
	ARRAY_PARAM("item_code", "ItemCodes", "sv_cvm_compute_s5"),
	ARRAY_PARAM("project_id", "ProjectIds", "0",
				.form = BF_FORM_INTEGER),
	NO_PARAM
};

static const BfAction allocation_bill_detail_action = {
	.name = "DescribeAllocationBillDetail",
	.does = "read the lines of the cost allocation bill",
	.params = allocation_bill_detail_params,
	.rows = "Detail",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 1000,
	.total = "RecordNum",
	.first_month = "2018-01",
};

static const BfColumn allocation_bill_detail_columns[] = {
	MONTH_COLUMN,
	TREE_NODE_UNIQ_KEY_COLUMN(ROW),
	TREE_NODE_UNIQ_KEY_NAME_COLUMN(ROW),
	BILL_DATE_COLUMN(ROW),
	BILL_MONTH_COLUMN(ROW),
	ALLOCATION_TYPE_COLUMN(ROW),
	PAYER_UIN_COLUMN(ROW),
	OWNER_UIN_COLUMN(ROW),
	OPERATE_UIN_COLUMN(ROW),
	BUSINESS_CODE_COLUMN(ROW),
	BUSINESS_CODE_NAME_COLUMN(ROW),
	PRODUCT_CODE_COLUMN(ROW),
	PRODUCT_CODE_NAME_COLUMN(ROW),
	PAY_MODE_COLUMN(ROW),
	PAY_MODE_NAME_COLUMN(ROW),
	ACTION_TYPE_COLUMN(ROW),
	ACTION_TYPE_NAME_COLUMN(ROW),
	PROJECT_ID_COLUMN(ROW),
	PROJECT_NAME_COLUMN(ROW),
	COLUMN("region_id", BIGINT, ROW, "RegionId",
		   "region id, 0 = other"),
	REGION_NAME_COLUMN(ROW),
	REGION_TYPE_COLUMN(ROW),
	REGION_TYPE_NAME_COLUMN(ROW),
	ZONE_ID_COLUMN(ROW),
	ZONE_NAME_COLUMN(ROW),
	RESOURCE_ID_COLUMN(ROW),
	RESOURCE_NAME_COLUMN(ROW),
	COLUMN("instance_type", TEXT, ROW, "InstanceType",
		   "instance type code (ri, svp, ...)"),
	INSTANCE_TYPE_NAME_COLUMN(ROW),
	SPLIT_ITEM_ID_COLUMN(ROW),
	SPLIT_ITEM_NAME_COLUMN(ROW),
	ORDER_ID_COLUMN(ROW),
	BILL_ID_COLUMN(ROW),
	PAY_TIME_COLUMN(ROW),
	FEE_BEGIN_TIME_COLUMN(ROW),
	FEE_END_TIME_COLUMN(ROW),
	COMPONENT_CODE_COLUMN(ROW),
	COMPONENT_CODE_NAME_COLUMN(ROW),
	ITEM_CODE_COLUMN(ROW),
	ITEM_CODE_NAME_COLUMN(ROW),
	COLUMN("single_price", NUMERIC, ROW, "SinglePrice",
		   "list price of the component",
		   .unit = "currency units per single_price_unit"),
	COLUMN("contract_price", NUMERIC, ROW, "ContractPrice",
		   "component unit price after discount",
		   .unit = "currency units per single_price_unit"),
	COLUMN("single_price_unit", TEXT, ROW, "SinglePriceUnit",
		   "unit of the list price"),
	COLUMN("used_amount", NUMERIC, ROW, "UsedAmount",
		   "amount used",
		   .unit = "units of used_amount_unit"),
	USED_AMOUNT_UNIT_COLUMN(ROW),
	REAL_TOTAL_MEASURE_COLUMN(ROW),
	DEDUCTED_MEASURE_COLUMN(ROW),
	COLUMN("time_span", NUMERIC, ROW, "TimeSpan",
		   "duration of the usage",
		   .unit = "units of time_unit"),
	COLUMN("time_unit", TEXT, ROW, "TimeUnit",
		   "unit of the duration"),
	COLUMN("split_ratio", NUMERIC, ROW, "SplitRatio",
		   "the split item's share of usage or duration"),
	DISCOUNT_COLUMN(ROW),
	BLENDED_DISCOUNT_COLUMN(ROW),
	COLUMN("ri_time_span", NUMERIC, ROW, "RITimeSpan",
		   "duration covered by reserved instances",
		   .unit = "units of time_unit"),
	TOTAL_COST_COLUMN(ROW),
	AMOUNT("ri_cost", ROW, "RICost",
		   "original price covered by reserved instances"),
	SP_COST_COLUMN(ROW),
	SP_DEDUCTION_COLUMN(ROW),
	SP_DEDUCTION_RATE_COLUMN(ROW),
	REAL_TOTAL_COST_COLUMN(ROW),
	CASH_PAY_AMOUNT_COLUMN(ROW),
	INCENTIVE_PAY_AMOUNT_COLUMN(ROW),
	VOUCHER_PAY_AMOUNT_COLUMN(ROW),
	TRANSFER_PAY_AMOUNT_COLUMN(ROW),
	AMOUNT_BEFORE_TAX_COLUMN(ROW),
	COST_BEFORE_TAX_COLUMN(ROW),
	TAX_COLUMN(ROW),
	TAX_RATE_COLUMN(ROW),
	DISCOUNT_OBJECT_COLUMN(ROW),
	DISCOUNT_TYPE_COLUMN(ROW),
	DISCOUNT_CONTENT_COLUMN(ROW),
	RESERVE_DETAIL_COLUMN(ROW),
	COMPONENT_CONFIG_COLUMN(ROW),
	COLUMN("price_info", JSONB, ROW, "PriceInfo",
		   "attributes that influence the price, as an array of texts"),
	FORMULA_COLUMN(ROW),
	FORMULA_URL_COLUMN(ROW),
	COLUMN("associated_order", TEXT, ROW, "AssociatedOrder",
		   "orders tied to this transaction (purchase, renewals, write-off), as one text"),
	TAG_COLUMN,
	COLUMN("currency", TEXT, ROW, "Currency",
		   "currency code",
		   .sites = BF_SITES_INTL),
	NO_COLUMN
};

static const BfTable allocation_bill_detail_table = {
	.name = "allocation_bill_detail",
	.family = "allocation",
	.action = &allocation_bill_detail_action,
	.columns = allocation_bill_detail_columns,
	.rows_per_request = 1000,
	.grain = "One row per line of the cost allocation bill: bill line, component and cost allocation unit.",
	.caution = "Prices, usages, durations and discounts must not be summed.  The money is that of the bills, by unit: it must not be added to them.",
};

/* ---------- DescribeAllocationTree ---------- */

static const BfParam allocation_tree_params[] = {
	MONTH_PARAM,
	NO_PARAM
};

static const BfAction allocation_tree_action = {
	.name = "DescribeAllocationTree",
	.does = "read the tree of cost allocation units",
	.params = allocation_tree_params,
	.paging = BF_PAGING_NONE,
	.first_month = "2018-01",
};

static const BfColumn allocation_tree_columns[] = {
	MONTH_COLUMN,
	COLUMN("id", BIGINT, ROW, "Id",
		   "id of the cost allocation unit"),
	COLUMN("name", TEXT, ROW, "Name",
		   "name of the cost allocation unit"),
	TREE_NODE_UNIQ_KEY_COLUMN(ROW),
	COLUMN("children", JSONB, ROW, "Children",
		   "units below this one, each with the same members, as sent"),
	NO_COLUMN
};

static const BfTable allocation_tree_table = {
	.name = "allocation_tree",
	.family = "allocation",
	.action = &allocation_tree_action,
	.columns = allocation_tree_columns,
	.rows_per_request = 1,
	.grain = "One row per month: the topmost cost allocation unit.",
	.caution = "The table holds no amounts.",
};

/* ---------- DescribeAllocationUnitDetail ---------- */

static const BfParam allocation_unit_detail_params[] = {
	{
		.column = "month",
		.member = "Month",
		.domain = BF_DOMAIN_MONTH,
		.form = BF_FORM_SECOND,
		.required = true,
		.example = "2023-04",
	},
	OPEN_PARAM("id", "Id", "1",
			   .form = BF_FORM_INTEGER,
			   .required = true),
	NO_PARAM
};

static const BfAction allocation_unit_detail_action = {
	.name = "DescribeAllocationUnitDetail",
	.does = "read a cost allocation unit",
	.params = allocation_unit_detail_params,
	.paging = BF_PAGING_NONE,
	.first_month = "2018-01",
};

static const BfColumn allocation_unit_detail_columns[] = {
	MONTH_COLUMN,
	COLUMN("id", BIGINT, ROW, "Id",
		   "id of the cost allocation unit"),
	COLUMN("uin", TEXT, ROW, "Uin",
		   "account that the unit belongs to"),
	COLUMN("name", TEXT, ROW, "Name",
		   "name of the cost allocation unit"),
	COLUMN("parent_id", BIGINT, ROW, "ParentId",
		   "id of the unit above, 0 for none"),
	COLUMN("source_name", TEXT, ROW, "SourceName",
		   "name of the unit in the organization that it was made from"),
	COLUMN("source_id", TEXT, ROW, "SourceId",
		   "id of the unit in the organization that it was made from"),
	COLUMN("remark", TEXT, ROW, "Remark",
		   "remark"),
	TREE_NODE_UNIQ_KEY_COLUMN(ROW),
	COLUMN("rule_id", BIGINT, ROW, "RuleId",
		   "id of the rule of the unit"),
	NO_COLUMN
};

static const BfTable allocation_unit_detail_table = {
	.name = "allocation_unit_detail",
	.family = "allocation",
	.action = &allocation_unit_detail_action,
	.columns = allocation_unit_detail_columns,
	.rows_per_request = 1,
	.grain = "One row per month and cost allocation unit.",
	.caution = "The table holds no amounts.",
};

/* ---------- DescribeAllocationRuleSummary ---------- */

static const char *const allocation_rule_summary_types[] = {
	"1", "2", "3", NULL
};

static const BfParam allocation_rule_summary_params[] = {
	MONTH_PARAM,
	OPEN_PARAM("type", "Type", "1",
			   .form = BF_FORM_INTEGER,
			   .values = allocation_rule_summary_types),
	NO_PARAM
};

static const BfAction allocation_rule_summary_action = {
	.name = "DescribeAllocationRuleSummary",
	.does = "read the sharing rules",
	.params = allocation_rule_summary_params,
	.rows = "RuleList",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 1000,
	.total = "Total",
	.first_month = "2018-01",
};

static const BfColumn allocation_rule_summary_columns[] = {
	MONTH_COLUMN,
	COLUMN("rule_id", BIGINT, ROW, "RuleId",
		   "id of the sharing rule"),
	COLUMN("rule_name", TEXT, ROW, "RuleName",
		   "name of the sharing rule"),
	COLUMN("type", BIGINT, ROW, "Type",
		   "1 custom shares, 2 proportional, 3 by proportion"),
	COLUMN("update_time", TIMESTAMP, ROW, "UpdateTime",
		   "last change"),
	COLUMN("allocation_node", JSONB, ROW, "AllocationNode",
		   "cost allocation units that the rule belongs to, as sent"),
	NO_COLUMN
};

static const BfTable allocation_rule_summary_table = {
	.name = "allocation_rule_summary",
	.family = "allocation",
	.action = &allocation_rule_summary_action,
	.columns = allocation_rule_summary_columns,
	.rows_per_request = 10,
	.grain = "One row per month and sharing rule.",
	.caution = "The table holds no amounts.",
};

/* ---------- DescribeAllocationRuleDetail ---------- */

static const BfParam allocation_rule_detail_params[] = {
	{
		.column = "month",
		.member = "Month",
		.domain = BF_DOMAIN_MONTH,
		.form = BF_FORM_SECOND,
		.required = true,
		.example = "2023-04",
	},
	OPEN_PARAM("id", "RuleId", "12",
			   .form = BF_FORM_INTEGER,
			   .required = true),
	NO_PARAM
};

static const BfAction allocation_rule_detail_action = {
	.name = "DescribeAllocationRuleDetail",
	.does = "read a sharing rule",
	.params = allocation_rule_detail_params,
	.paging = BF_PAGING_NONE,
	.first_month = "2018-01",
};

static const BfColumn allocation_rule_detail_columns[] = {
	MONTH_COLUMN,
	COLUMN("id", BIGINT, ROW, "Id",
		   "id of the sharing rule"),
	COLUMN("uin", TEXT, ROW, "Uin",
		   "account that the rule belongs to"),
	COLUMN("name", TEXT, ROW, "Name",
		   "name of the sharing rule"),
	COLUMN("type", BIGINT, ROW, "Type",
		   "1 custom shares, 2 proportional, 3 by proportion"),
	COLUMN("rule_detail", JSONB, ROW, "RuleDetail",
		   "the rule as an expression, as sent"),
	COLUMN("ratio_detail", JSONB, ROW, "RatioDetail",
		   "shares of the units, as sent: NodeId and Ratio; for types 1 and 2 only"),
	NO_COLUMN
};

static const BfTable allocation_rule_detail_table = {
	.name = "allocation_rule_detail",
	.family = "allocation",
	.action = &allocation_rule_detail_action,
	.columns = allocation_rule_detail_columns,
	.rows_per_request = 1,
	.grain = "One row per month and sharing rule.",
	.caution = "The table holds no amounts.",
};

/* ---------- DescribeGatherRuleDetail ---------- */

static const BfParam gather_rule_detail_params[] = {
	MONTH_PARAM,
	OPEN_PARAM("id", "Id", "12",
			   .form = BF_FORM_INTEGER,
			   .required = true),
	NO_PARAM
};

static const BfAction gather_rule_detail_action = {
	.name = "DescribeGatherRuleDetail",
	.does = "read a collection rule",
	.params = gather_rule_detail_params,
	.paging = BF_PAGING_NONE,
	.first_month = "2018-01",
};

static const BfColumn gather_rule_detail_columns[] = {
	MONTH_COLUMN,
	COLUMN("id", BIGINT, ROW, "Id",
		   "id of the collection rule"),
	COLUMN("uin", TEXT, ROW, "Uin",
		   "account that the rule belongs to"),
	COLUMN("update_time", TIMESTAMP, ROW, "UpdateTime",
		   "last change"),
	COLUMN("rule_detail", JSONB, ROW, "RuleDetail",
		   "the rule as an expression, as sent"),
	NO_COLUMN
};

static const BfTable gather_rule_detail_table = {
	.name = "gather_rule_detail",
	.family = "allocation",
	.action = &gather_rule_detail_action,
	.columns = gather_rule_detail_columns,
	.rows_per_request = 1,
	.grain = "One row per month and collection rule.",
	.caution = "The table holds no amounts.",
};

/* ---------- DescribeGatherResource ---------- */

static const BfParam gather_resource_params[] = {
	MONTH_PARAM,
	OPEN_PARAM("tree_node_uniq_key", "TreeNodeUniqKey", "100000000001-65b9a02cd832f"),
	ARRAY_PARAM("business_code", "BusinessCodes", "p_cvm"),
	ARRAY_PARAM("product_code", "ProductCodes", "sp_cvm_s5"),
	ARRAY_PARAM("item_code", "ItemCodes", "sv_cvm_compute_s5"),
	ARRAY_PARAM("region_id", "RegionIds", "1",
				.form = BF_FORM_INTEGER),
	ARRAY_PARAM("instance_type", "InstanceTypes", "ri"),
	ARRAY_PARAM("pay_mode", "PayModes", "prePay"),
	ARRAY_PARAM("operate_uin", "OperateUins", "100000000001"),
	ARRAY_PARAM("owner_uin", "OwnerUins", "100000000001"),
	ARRAY_PARAM("project_id", "ProjectIds", "0",
				.form = BF_FORM_DIGITS),
	ARRAY_PARAM("action_type", "ActionTypes", "prepay_renew"),
	NO_PARAM
};

/* Collected or not. */
static const BfConstant gather_resource_constants[] = {
	{"GatherType", "\"all\""},
	NO_CONSTANT
};

static const BfAction gather_resource_action = {
	.name = "DescribeGatherResource",
	.does = "read the collected resources",
	.params = gather_resource_params,
	.constants = gather_resource_constants,
	.rows = "GatherResourceSummary",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 1000,
	.total = "RecordNum",
	.first_month = "2018-01",
};

static const BfColumn gather_resource_columns[] = {
	MONTH_COLUMN,
	TREE_NODE_UNIQ_KEY_COLUMN(ROW),
	TREE_NODE_UNIQ_KEY_NAME_COLUMN(ROW),
	ALLOCATION_TYPE_COLUMN(ROW),
	COLUMN("rule_id", BIGINT, ROW, "RuleId",
		   "id of the rule that collects the resource"),
	COLUMN("rule_name", TEXT, ROW, "RuleName",
		   "name of the rule that collects the resource"),
	COLUMN("effective_mode", TEXT, ROW, "EffectiveMode",
		   "state of the collection: 0 none, 1 automatic, 2 by hand and pending, 3 by hand and in force",
		   .sites = BF_SITES_CHINA),
	PAYER_UIN_COLUMN(ROW),
	OWNER_UIN_COLUMN(ROW),
	OPERATE_UIN_COLUMN(ROW),
	BUSINESS_CODE_COLUMN(ROW),
	BUSINESS_CODE_NAME_COLUMN(ROW),
	PRODUCT_CODE_COLUMN(ROW),
	PRODUCT_CODE_NAME_COLUMN(ROW),
	ITEM_CODE_COLUMN(ROW),
	ITEM_CODE_NAME_COLUMN(ROW),
	PAY_MODE_COLUMN(ROW),
	PAY_MODE_NAME_COLUMN(ROW),
	ACTION_TYPE_COLUMN(ROW),
	ACTION_TYPE_NAME_COLUMN(ROW),
	PROJECT_ID_COLUMN(ROW),
	PROJECT_NAME_COLUMN(ROW),
	COLUMN("region_id", BIGINT, ROW, "RegionId",
		   "region id, 0 = other"),
	REGION_NAME_COLUMN(ROW),
	RESOURCE_ID_COLUMN(ROW),
	RESOURCE_NAME_COLUMN(ROW),
	INSTANCE_TYPE_COLUMN(ROW),
	INSTANCE_TYPE_NAME_COLUMN(ROW),
	SPLIT_ITEM_ID_COLUMN(ROW),
	SPLIT_ITEM_NAME_COLUMN(ROW),
	REAL_TOTAL_COST_COLUMN(ROW),
	CASH_PAY_AMOUNT_COLUMN(ROW),
	INCENTIVE_PAY_AMOUNT_COLUMN(ROW),
	VOUCHER_PAY_AMOUNT_COLUMN(ROW),
	TRANSFER_PAY_AMOUNT_COLUMN(ROW),
	COLUMN("belong_tree_node_uniq_key", JSONB, ROW, "BelongTreeNodeUniqKey",
		   "unit that the resource belongs to, as sent"),
	COLUMN("belong_rule", JSONB, ROW, "BelongRule",
		   "rule that caught the resource, as sent"),
	COLUMN("other_tree_node_uniq_keys", JSONB, ROW, "OtherTreeNodeUniqKeys",
		   "further units that matched, as sent"),
	COLUMN("other_rules", JSONB, ROW, "OtherRules",
		   "further rules that matched, as sent"),
	TAG_COLUMN,
	COLUMN("last_update_time", TIMESTAMP, ANSWER, "LastUpdateTime",
		   "when the API refreshed these rows"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable gather_resource_table = {
	.name = "gather_resource",
	.family = "allocation",
	.action = &gather_resource_action,
	.columns = gather_resource_columns,
	.rows_per_request = 1000,
	.grain = "One row per month, resource, component and transaction type, with the cost allocation unit that collects it.",
	.caution = "The money is that of the bills, by unit: it must not be added to them.",
};

const BfTable *const bf_catalog_allocation[] = {
	&allocation_overview_table,
	&allocation_month_overview_table,
	&allocation_summary_by_business_table,
	&allocation_summary_by_item_table,
	&allocation_summary_by_resource_table,
	&allocation_bill_detail_table,
	&allocation_tree_table,
	&allocation_unit_detail_table,
	&allocation_rule_summary_table,
	&allocation_rule_detail_table,
	&gather_rule_detail_table,
	&gather_resource_table,
	NULL
};

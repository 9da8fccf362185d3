/*-------------------------------------------------------------------------
 *
 * catalog_entries.h
 *	  What the entries of the catalog share; for catalog*.c only.
 *
 * Names: a table is named after its action in snake case without Describe, an
 * unnested array adds its own name (without Set).  A column
 * is named after the member of the row that it shows.  A parameter that rows
 * show under the same meaning belongs to that member's column.  Any other
 * parameter has a column of its own, named after the member of the request
 * (in the singular); where rows have a member of that name that means
 * something else, it ends in _asked: the action type of bill lines is a code,
 * the one asked for is a label.  Two exceptions: month and payer_uin always
 * are what was asked for, so Month and PayerUin of rows become bill_month and
 * bill_payer_uin where both exist.
 *
 * Nested arrays stay in the parent's table as they were sent; an unnested
 * array repeats what identifies its parent, but no amounts of it: they would
 * be summed once per nested row.
 *
 * Descriptions and units become COMMENT ON statements and the reference
 * pages.  A table with amounts in currency units has a column currency.
 *
 * IDENTIFICATION
 *	  src/api/catalog_entries.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_CATALOG_ENTRIES_H
#define BF_CATALOG_ENTRIES_H

#include "api/catalog.h"

/* The tables of each family, ended by NULL. */
extern const BfTable *const bf_catalog_bill[];
extern const BfTable *const bf_catalog_organization[];
extern const BfTable *const bf_catalog_account[];
extern const BfTable *const bf_catalog_cost[];
extern const BfTable *const bf_catalog_allocation[];
extern const BfTable *const bf_catalog_budget[];
extern const BfTable *const bf_catalog_usage[];

/* Lists of values, and members that several actions always send. */
extern const char *const bf_catalog_group_types[];
extern const char *const bf_catalog_period_types[];
extern const char *const bf_catalog_pay_modes[];
extern const char *const bf_catalog_sendable_pay_modes[];
extern const BfConstant bf_catalog_need_record_num[];

#define NO_COLUMN	{.name = NULL}
#define NO_PARAM	{.column = NULL}
#define NO_CONSTANT	{.member = NULL}

/* ---------- parameters ---------- */

/* Behind the example there may be more members. */
#define OPEN_PARAM(c, m, ...) \
	{ \
		.column = (c), \
		.member = (m), \
		.domain = BF_DOMAIN_OPEN, \
		.example = __VA_ARGS__ \
	}

/* The request takes a list; one value at a time goes out. */
#define ARRAY_PARAM(c, m, ...) \
	{ \
		.column = (c), \
		.member = (m), \
		.domain = BF_DOMAIN_OPEN, \
		.array = true, \
		.example = __VA_ARGS__ \
	}

/* Rows do not show it. */
#define INPUT_PARAM(c, m, ...) \
	{ \
		.column = (c), \
		.member = (m), \
		.domain = BF_DOMAIN_OPEN, \
		.input = true, \
		.example = __VA_ARGS__ \
	}

#define ARRAY_INPUT_PARAM(c, m, ...) \
	{ \
		.column = (c), \
		.member = (m), \
		.domain = BF_DOMAIN_OPEN, \
		.input = true, \
		.array = true, \
		.example = __VA_ARGS__ \
	}

#define MONTH_PARAM \
	{ \
		.column = "month", \
		.member = "Month", \
		.domain = BF_DOMAIN_MONTH, \
		.required = true, \
		.example = "2023-04" \
	}

/* Actions that answer for the whole month that both are in. */
#define MONTH_RANGE_PARAM \
	{ \
		.column = "month", \
		.member = "BeginTime", \
		.member2 = "EndTime", \
		.domain = BF_DOMAIN_MONTH, \
		.required = true, \
		.example = "2023-04" \
	}

#define PAYER_UIN_PARAM \
	INPUT_PARAM("payer_uin", "PayerUin", "100000000001")

#define PAY_MODE_PARAM \
	OPEN_PARAM("pay_mode", "PayMode", "prePay", \
			   .values = bf_catalog_pay_modes, \
			   .sendable = bf_catalog_sendable_pay_modes)

/* Resource bills take a tag as key and value, or neither. */
#define RESOURCE_BILL_TAG_PARAMS \
	INPUT_PARAM("tag_key", "TagKey", "project", \
				.sent_with = "tag_value", \
				.sent_since = "2021-01"), \
	{ \
		.column = "tag_value", \
		.member = "TagValue", \
		.domain = BF_DOMAIN_OPEN, \
		.input = true, \
		.when_column = "tag_key", \
		.object = "tags", \
		.sent_with = "tag_key", \
		.sent_since = "2021-01", \
		.example = "web" \
	}

/* ---------- columns ---------- */

/* Behind its description there may be more members, such as its unit. */
#define COLUMN(n, t, s, f, ...) \
	{ \
		.name = (n), \
		.type = BF_TYPE_##t, \
		.source = BF_SOURCE_##s, \
		.field = (f), \
		.description = __VA_ARGS__ \
	}

/* Money. */
#define AMOUNT(n, s, f, ...) \
	COLUMN(n, NUMERIC, s, f, __VA_ARGS__, .unit = "currency units")

#define ACTION_TYPE_COLUMN(s) \
	COLUMN("action_type", TEXT, s, "ActionType", \
		   "transaction type code")

#define ACTION_TYPE_NAME_COLUMN(s) \
	COLUMN("action_type_name", TEXT, s, "ActionTypeName", \
		   "localized label of the transaction type")

#define ALLOCATION_TYPE_COLUMN(s) \
	COLUMN("allocation_type", BIGINT, s, "AllocationType", \
		   "how the cost got to the unit: 0 allocated, 1 collected, -1 unallocated")

#define AMOUNT_BEFORE_TAX_COLUMN(s) \
	AMOUNT("amount_before_tax", s, "AmountBeforeTax", "amount before tax", \
		   .sites = BF_SITES_INTL)

#define BILL_DATE_COLUMN(s) \
	COLUMN("bill_date", TEXT, s, "BillDate", \
		   "settlement date as the API returns it")

#define BILL_DAY_COLUMN(s) \
	COLUMN("bill_day", DATE, s, "BillDay", \
		   "day of the bill line, not the day of payment")

#define BILL_ID_COLUMN(s) \
	COLUMN("bill_id", TEXT, s, "BillId", \
		   "transaction (deduction) number")

#define BILL_MONTH_COLUMN(s) \
	COLUMN("bill_month", TEXT, s, "BillMonth", \
		   "month as the API returns it, YYYY-MM")

#define BILL_PAYER_UIN_COLUMN(s) \
	COLUMN("bill_payer_uin", TEXT, s, "PayerUin", \
		   "payer account as the API returns it")

#define BLENDED_DISCOUNT_COLUMN(s) \
	COLUMN("blended_discount", NUMERIC, s, "BlendedDiscount", \
		   "overall discount multiplier: total after discount divided by original price")

#define BUSINESS_CODE_COLUMN(s) \
	COLUMN("business_code", TEXT, s, "BusinessCode", \
		   "product code (p_...)")

#define BUSINESS_CODE_NAME_COLUMN(s) \
	COLUMN("business_code_name", TEXT, s, "BusinessCodeName", \
		   "localized label of the product")

#define CASH_PAY_AMOUNT_COLUMN(s) \
	AMOUNT("cash_pay_amount", s, "CashPayAmount", "part paid from the cash account")

#define COMPONENT_CODE_COLUMN(s) \
	COLUMN("component_code", TEXT, s, "ComponentCode", \
		   "component type code (v_...)")

#define COMPONENT_CODE_NAME_COLUMN(s) \
	COLUMN("component_code_name", TEXT, s, "ComponentCodeName", \
		   "localized label of the component type")

#define COMPONENT_CONFIG_COLUMN(s) \
	COLUMN("component_config", TEXT, s, "ComponentConfig", \
		   "configuration of the component as one text")

#define COMPONENT_SET_COLUMN(s) \
	COLUMN("component_set", JSONB, s, "ComponentSet", \
		   "components that make up the line and hold its amounts, as sent")

#define COST_COLUMN(s) \
	AMOUNT("cost", s, "Cost", "original price (list price x usage x duration)")

#define COST_BEFORE_TAX_COLUMN(s) \
	AMOUNT("cost_before_tax", s, "CostBeforeTax", "price after discount and before tax", \
		   .sites = BF_SITES_INTL)

#define CURRENCY_COLUMN \
	COLUMN("currency", TEXT, CURRENCY, NULL, \
		   "label given by the server's option \"currency\", else NULL")

#define DEDUCTED_MEASURE_COLUMN(s) \
	COLUMN("deducted_measure", NUMERIC, s, "DeductedMeasure", \
		   "usage or duration covered by resource packages")

#define DISCOUNT_COLUMN(s) \
	COLUMN("discount", NUMERIC, s, "Discount", \
		   "discount multiplier, 1 = none")

#define DISCOUNT_CONTENT_COLUMN(s) \
	COLUMN("discount_content", TEXT, s, "DiscountContent", \
		   "the discount itself as text, such as 0.7")

#define DISCOUNT_OBJECT_COLUMN(s) \
	COLUMN("discount_object", TEXT, s, "DiscountObject", \
		   "what the discount is attached to")

#define DISCOUNT_TYPE_COLUMN(s) \
	COLUMN("discount_type", TEXT, s, "DiscountType", \
		   "type of the discount")

#define FEE_BEGIN_TIME_COLUMN(s) \
	COLUMN("fee_begin_time", TIMESTAMP, s, "FeeBeginTime", \
		   "start of the usage charged")

#define FEE_END_TIME_COLUMN(s) \
	COLUMN("fee_end_time", TIMESTAMP, s, "FeeEndTime", \
		   "end of the usage charged")

#define FORMULA_COLUMN(s) \
	COLUMN("formula", TEXT, s, "Formula", \
		   "explanation of the calculation (refunds, changes)")

#define FORMULA_URL_COLUMN(s) \
	COLUMN("formula_url", TEXT, s, "FormulaUrl", \
		   "link to the pricing rules")

#define GROUP_TYPE_COLUMN \
	COLUMN("group_type", TEXT, REQUEST, NULL, \
		   "dimension asked for: business, project, region, payMode or tag")

#define GROUP_VALUE_COLUMN(s) \
	COLUMN("group_value", TEXT, s, "GroupValue", \
		   "localized label of the group; for tags the tag value, empty without that tag")

#define INCENTIVE_PAY_AMOUNT_COLUMN(s) \
	AMOUNT("incentive_pay_amount", s, "IncentivePayAmount", "part paid from free credit")

#define INSTANCE_TYPE_COLUMN(s) \
	COLUMN("instance_type", TEXT, s, "InstanceType", \
		   "instance type code (ri, svp, ...), - for none")

#define INSTANCE_TYPE_NAME_COLUMN(s) \
	COLUMN("instance_type_name", TEXT, s, "InstanceTypeName", \
		   "localized label of the instance type")

#define ITEM_CODE_COLUMN(s) \
	COLUMN("item_code", TEXT, s, "ItemCode", \
		   "component code (sv_...)")

#define ITEM_CODE_NAME_COLUMN(s) \
	COLUMN("item_code_name", TEXT, s, "ItemCodeName", \
		   "localized label of the component")

#define LEFT_REAL_TOTAL_COST_COLUMN(s) \
	AMOUNT("left_real_total_cost", s, "LeftRealTotalCost", "total after discount that is still to be amortized", \
		   .sites = BF_SITES_CHINA)

#define MONTH_COLUMN \
	COLUMN("month", MONTH, REQUEST, NULL, \
		   "month asked for; text YYYY-MM, or the month's first day")

#define OPERATE_UIN_COLUMN(s) \
	COLUMN("operate_uin", TEXT, s, "OperateUin", \
		   "account or role that ordered or activated the resource")

#define ORDER_ID_COLUMN(s) \
	COLUMN("order_id", TEXT, s, "OrderId", \
		   "order number of subscriptions")

#define ORIGINAL_COST_WITH_RI_COLUMN(s) \
	AMOUNT("original_cost_with_ri", s, "OriginalCostWithRI", "original price covered by reserved instances")

#define ORIGINAL_COST_WITH_SP_COLUMN(s) \
	AMOUNT("original_cost_with_sp", s, "OriginalCostWithSP", "original price covered by savings plans")

#define OWNER_UIN_COLUMN(s) \
	COLUMN("owner_uin", TEXT, s, "OwnerUin", \
		   "account that uses the resource")

#define PAYER_UIN_ASKED_COLUMN \
	COLUMN("payer_uin", TEXT, REQUEST, NULL, \
		   "payer account asked for, NULL when none was: the caller's own bill")

#define PAYER_UIN_COLUMN(s) \
	COLUMN("payer_uin", TEXT, s, "PayerUin", \
		   "account that pays")

#define PAY_MODE_COLUMN(s) \
	COLUMN("pay_mode", TEXT, s, "PayMode", \
		   "billing mode code")

#define PAY_MODE_NAME_COLUMN(s) \
	COLUMN("pay_mode_name", TEXT, s, "PayModeName", \
		   "localized label of the billing mode")

#define PAY_TIME_COLUMN(s) \
	COLUMN("pay_time", TIMESTAMP, s, "PayTime", \
		   "when the fee was deducted")

#define PERIOD_TYPE_COLUMN \
	COLUMN("period_type", TEXT, REQUEST, NULL, \
		   "period asked for: month or day")

#define PRICE_UNIT_COLUMN(s) \
	COLUMN("price_unit", TEXT, s, "PriceUnit", \
		   "localized label of the price unit")

#define PRODUCT_CODE_COLUMN(s) \
	COLUMN("product_code", TEXT, s, "ProductCode", \
		   "subproduct code (sp_...)")

#define PRODUCT_CODE_NAME_COLUMN(s) \
	COLUMN("product_code_name", TEXT, s, "ProductCodeName", \
		   "localized label of the subproduct")

#define PROJECT_ID_COLUMN(s) \
	COLUMN("project_id", BIGINT, s, "ProjectId", \
		   "project id, 0 = default project")

#define PROJECT_NAME_COLUMN(s) \
	COLUMN("project_name", TEXT, s, "ProjectName", \
		   "project name")

#define REAL_COST_COLUMN(s) \
	AMOUNT("real_cost", s, "RealCost", "price after discount")

#define REAL_TOTAL_COST_COLUMN(s) \
	AMOUNT("real_total_cost", s, "RealTotalCost", "total after discount")

#define REAL_TOTAL_COST_RATIO_COLUMN(s) \
	COLUMN("real_total_cost_ratio", NUMERIC, s, "RealTotalCostRatio", \
		   "share of the month's total", \
		   .unit = "percent")

#define REAL_TOTAL_MEASURE_COLUMN(s) \
	COLUMN("real_total_measure", NUMERIC, s, "RealTotalMeasure", \
		   "usage before packages were deducted", \
		   .unit = "units of used_amount_unit")

#define REDUCE_TYPE_COLUMN(s) \
	COLUMN("reduce_type", TEXT, s, "ReduceType", \
		   "localized label of the discount type")

#define REGION_ID_COLUMN(s) \
	COLUMN("region_id", TEXT, s, "RegionId", \
		   "region id, 0 = other")

#define REGION_NAME_COLUMN(s) \
	COLUMN("region_name", TEXT, s, "RegionName", \
		   "localized label of the region")

#define REGION_TYPE_COLUMN(s) \
	COLUMN("region_type", TEXT, s, "RegionType", \
		   "domestic or international")

#define REGION_TYPE_NAME_COLUMN(s) \
	COLUMN("region_type_name", TEXT, s, "RegionTypeName", \
		   "localized label of region_type")

#define RESERVE_DETAIL_COLUMN(s) \
	COLUMN("reserve_detail", TEXT, s, "ReserveDetail", \
		   "remark: details of reserved instances, adjustments or links")

#define RESOURCE_ID_COLUMN(s) \
	COLUMN("resource_id", TEXT, s, "ResourceId", \
		   "resource (instance) id")

#define RESOURCE_NAME_COLUMN(s) \
	COLUMN("resource_name", TEXT, s, "ResourceName", \
		   "name given to the resource by the user")

#define SINGLE_PRICE_COLUMN(s) \
	COLUMN("single_price", NUMERIC, s, "SinglePrice", \
		   "list price of the component", \
		   .unit = "currency units per price_unit")

#define SPLIT_ITEM_ID_COLUMN(s) \
	COLUMN("split_item_id", TEXT, s, "SplitItemId", \
		   "split item id (deprecated by the API)")

#define SPLIT_ITEM_NAME_COLUMN(s) \
	COLUMN("split_item_name", TEXT, s, "SplitItemName", \
		   "split item name (deprecated by the API)")

#define SP_COST_COLUMN(s) \
	AMOUNT("sp_cost", s, "SPCost", "original price covered by savings plans")

#define SP_DEDUCTION_COLUMN(s) \
	AMOUNT("sp_deduction", s, "SPDeduction", "amount covered by savings plans (deprecated by the API)")

#define SP_DEDUCTION_RATE_COLUMN(s) \
	COLUMN("sp_deduction_rate", NUMERIC, s, "SPDeductionRate", \
		   "discount rate inside the savings plan")

#define TAG_COLUMN \
	COLUMN("tag", JSONB, TAGS, "Tag", \
		   "tags as one object of key and value, {} without tags")

#define TAGS_COLUMN \
	COLUMN("tags", JSONB, TAGS, "Tags", \
		   "tags of the resource as one object of key and value, {} without tags")

#define TAX_COLUMN(s) \
	AMOUNT("tax", s, "Tax", "tax", \
		   .sites = BF_SITES_INTL)

#define TAX_RATE_COLUMN(s) \
	COLUMN("tax_rate", NUMERIC, s, "TaxRate", \
		   "tax rate", \
		   .sites = BF_SITES_INTL)

#define TOTAL_COST_COLUMN(s) \
	AMOUNT("total_cost", s, "TotalCost", "original (list) price; NULL before May 2021 and with contract prices")

#define TRANSFER_PAY_AMOUNT_COLUMN(s) \
	AMOUNT("transfer_pay_amount", s, "TransferPayAmount", "part paid from the royalty (commission) account")

#define TREE_NODE_UNIQ_KEY_COLUMN(s) \
	COLUMN("tree_node_uniq_key", TEXT, s, "TreeNodeUniqKey", \
		   "key of the cost allocation unit")

#define TREE_NODE_UNIQ_KEY_NAME_COLUMN(s) \
	COLUMN("tree_node_uniq_key_name", TEXT, s, "TreeNodeUniqKeyName", \
		   "name of the cost allocation unit")

#define TREND_COLUMN(s) \
	COLUMN("trend", JSONB, s, "Trend", \
		   "change against the previous month, as sent: Type (upward, downward, none) and Value")

#define USED_AMOUNT_UNIT_COLUMN(s) \
	COLUMN("used_amount_unit", TEXT, s, "UsedAmountUnit", \
		   "localized label of the unit of usage")

#define VOUCHER_PAY_AMOUNT_COLUMN(s) \
	AMOUNT("voucher_pay_amount", s, "VoucherPayAmount", "part paid by vouchers")

#define ZONE_ID_COLUMN(s) \
	COLUMN("zone_id", BIGINT, s, "ZoneId", \
		   "availability zone id")

#define ZONE_NAME_COLUMN(s) \
	COLUMN("zone_name", TEXT, s, "ZoneName", \
		   "localized label of the availability zone")

/* The amounts of all summaries. */
#define AMOUNT_COLUMNS \
	TOTAL_COST_COLUMN(ROW), \
	REAL_TOTAL_COST_COLUMN(ROW), \
	CASH_PAY_AMOUNT_COLUMN(ROW), \
	INCENTIVE_PAY_AMOUNT_COLUMN(ROW), \
	VOUCHER_PAY_AMOUNT_COLUMN(ROW), \
	TRANSFER_PAY_AMOUNT_COLUMN(ROW)

/* What rows of ComponentSet of bill lines show. */
#define BILL_COMPONENT_COLUMNS \
	COMPONENT_CODE_COLUMN(ROW), \
	COMPONENT_CODE_NAME_COLUMN(ROW), \
	ITEM_CODE_COLUMN(ROW), \
	ITEM_CODE_NAME_COLUMN(ROW), \
	INSTANCE_TYPE_COLUMN(ROW), \
	SINGLE_PRICE_COLUMN(ROW), \
	COLUMN("specified_price", NUMERIC, ROW, "SpecifiedPrice", \
		   "specified price (deprecated by the API)", \
		   .unit = "currency units per price_unit"), \
	COLUMN("contract_price", NUMERIC, ROW, "ContractPrice", \
		   "component unit price after discount", \
		   .unit = "currency units per price_unit"), \
	PRICE_UNIT_COLUMN(ROW), \
	COLUMN("used_amount", NUMERIC, ROW, "UsedAmount", \
		   "usage charged (after packages)", \
		   .unit = "units of used_amount_unit"), \
	USED_AMOUNT_UNIT_COLUMN(ROW), \
	REAL_TOTAL_MEASURE_COLUMN(ROW), \
	DEDUCTED_MEASURE_COLUMN(ROW), \
	COLUMN("time_span", NUMERIC, ROW, "TimeSpan", \
		   "duration of the usage", \
		   .unit = "units of time_unit_name"), \
	COLUMN("time_unit_name", TEXT, ROW, "TimeUnitName", \
		   "localized label of the unit of the duration"), \
	COLUMN("ri_time_span", NUMERIC, ROW, "RiTimeSpan", \
		   "duration covered by reserved instances", \
		   .unit = "units of time_unit_name"), \
	COST_COLUMN(ROW), \
	DISCOUNT_COLUMN(ROW), \
	BLENDED_DISCOUNT_COLUMN(ROW), \
	REDUCE_TYPE_COLUMN(ROW), \
	REAL_COST_COLUMN(ROW), \
	CASH_PAY_AMOUNT_COLUMN(ROW), \
	INCENTIVE_PAY_AMOUNT_COLUMN(ROW), \
	VOUCHER_PAY_AMOUNT_COLUMN(ROW), \
	TRANSFER_PAY_AMOUNT_COLUMN(ROW), \
	ORIGINAL_COST_WITH_RI_COLUMN(ROW), \
	ORIGINAL_COST_WITH_SP_COLUMN(ROW), \
	SP_DEDUCTION_COLUMN(ROW), \
	SP_DEDUCTION_RATE_COLUMN(ROW), \
	TAX_RATE_COLUMN(ROW), \
	AMOUNT("tax_amount", ROW, "TaxAmount", \
		   "tax", \
		   .sites = BF_SITES_INTL), \
	COLUMN("component_config", JSONB, ROW, "ComponentConfig", \
		   "configuration of the component, as sent: Name and Value"), \
	COLUMN("currency", TEXT, ROW, "Currency", \
		   "currency code", \
		   .sites = BF_SITES_INTL)

/* What rows of resource bills show of the resource and its tag. */
#define RESOURCE_BILL_LABEL_COLUMNS \
	COLUMN("tag_key", TEXT, REQUEST, NULL, \
		   "tag key asked for, NULL when none was; each resource row appears once per key asked for"), \
	COLUMN("tag_value", TEXT, TAG_VALUE, "Tags", \
		   "value of the tag asked for, empty without that tag, NULL when no key was asked for"), \
	BUSINESS_CODE_COLUMN(ROW), \
	BUSINESS_CODE_NAME_COLUMN(ROW), \
	PRODUCT_CODE_COLUMN(ROW), \
	PRODUCT_CODE_NAME_COLUMN(ROW), \
	PAY_MODE_NAME_COLUMN(ROW), \
	PROJECT_NAME_COLUMN(ROW), \
	COLUMN("region_id", BIGINT, ROW, "RegionId", \
		   "region id, 0 = other"), \
	REGION_NAME_COLUMN(ROW), \
	ZONE_NAME_COLUMN(ROW), \
	RESOURCE_ID_COLUMN(ROW), \
	RESOURCE_NAME_COLUMN(ROW), \
	INSTANCE_TYPE_COLUMN(ROW), \
	ACTION_TYPE_NAME_COLUMN(ROW), \
	ORDER_ID_COLUMN(ROW)

/* What rows of resource bills show of time, money and tags. */
#define RESOURCE_BILL_COLUMNS \
	OWNER_UIN_COLUMN(ROW), \
	OPERATE_UIN_COLUMN(ROW), \
	COLUMN("bill_month", TEXT, ROW, "BillMonth", \
		   "month as the API returns it, documented as YYYY-MM-01 00:00:00"), \
	PAY_TIME_COLUMN(ROW), \
	FEE_BEGIN_TIME_COLUMN(ROW), \
	FEE_END_TIME_COLUMN(ROW), \
	COLUMN("config_desc", TEXT, ROW, "ConfigDesc", \
		   "billing items and usage as one text"), \
	AMOUNT_COLUMNS, \
	DISCOUNT_COLUMN(ROW), \
	REDUCE_TYPE_COLUMN(ROW), \
	ORIGINAL_COST_WITH_RI_COLUMN(ROW), \
	ORIGINAL_COST_WITH_SP_COLUMN(ROW), \
	SP_DEDUCTION_COLUMN(ROW), \
	COLUMN("tags", JSONB, TAGS, "Tags", \
		   "cost allocation tags as one object of key and value, {} without tags"), \
	COLUMN("extend_field1", TEXT, ROW, "ExtendField1", \
		   "product-specific extension 1"), \
	COLUMN("extend_field2", TEXT, ROW, "ExtendField2", \
		   "product-specific extension 2"), \
	COLUMN("extend_field3", TEXT, ROW, "ExtendField3", \
		   "product-specific extension 3, - for none"), \
	COLUMN("extend_field4", TEXT, ROW, "ExtendField4", \
		   "product-specific extension 4, - for none"), \
	COLUMN("extend_field5", TEXT, ROW, "ExtendField5", \
		   "product-specific extension 5, - for none"), \
	CURRENCY_COLUMN

#endif							/* BF_CATALOG_ENTRIES_H */

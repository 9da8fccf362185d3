/*-------------------------------------------------------------------------
 *
 * catalog_bill.c
 *	  Tables of bills: summaries, resources, lines, files.
 *
 * IDENTIFICATION
 *	  src/api/catalog_bill.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/catalog_entries.h"

#include <stddef.h>

/* ---------- DescribeBillSummary ---------- */

static const BfParam bill_summary_params[] = {
	MONTH_PARAM,
	{
		.column = "group_type",
		.member = "GroupType",
		.domain = BF_DOMAIN_CLOSED,
		.required = true,
		.values = bf_catalog_group_types,
		.example = "region",
	},
	PAYER_UIN_PARAM,
	INPUT_PARAM("operate_uin", "OperateUin", "100000000001"),
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
	PAYER_UIN_ASKED_COLUMN,
	COLUMN("operate_uin", TEXT, REQUEST, NULL,
		   "ordering account or role asked for, NULL when none was"),
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
	PAYER_UIN_ASKED_COLUMN,
	COLUMN("operate_uin", TEXT, REQUEST, NULL,
		   "ordering account or role asked for, NULL when none was"),
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
	MONTH_RANGE_PARAM,
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
	PAYER_UIN_ASKED_COLUMN,
	COLUMN("pay_mode", TEXT, ROW, "PayMode",
		   "billing mode code: prePay, postPay, riPay"),
	PAY_MODE_NAME_COLUMN(ROW),
	REAL_TOTAL_COST_RATIO_COLUMN(ROW),
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
	PAYER_UIN_ASKED_COLUMN,
	COLUMN("pay_mode", TEXT, PARENT, "PayMode",
		   "billing mode code: prePay, postPay, riPay"),
	PAY_MODE_NAME_COLUMN(PARENT),
	ACTION_TYPE_COLUMN(ROW),
	ACTION_TYPE_NAME_COLUMN(ROW),
	BILL_MONTH_COLUMN(ROW),
	COLUMN("real_total_cost_ratio", NUMERIC, ROW, "RealTotalCostRatio",
		   "share of the billing mode's total",
		   .unit = "percent"),
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

/* ---------- DescribeBillSummaryByProduct ---------- */

static const char *const bill_summary_by_product_pay_types[] = {
	"consume", "refund", "adjustment", NULL
};

static const BfParam bill_summary_by_product_params[] = {
	MONTH_RANGE_PARAM,
	PAYER_UIN_PARAM,
	INPUT_PARAM("pay_type", "PayType", "consume",
				.values = bill_summary_by_product_pay_types),
	NO_PARAM
};

static const BfAction bill_summary_by_product_action = {
	.name = "DescribeBillSummaryByProduct",
	.does = "read the bill summary by product",
	.params = bill_summary_by_product_params,
	.rows = "SummaryOverview",
	.ready_flag = true,
	.paging = BF_PAGING_NONE,
	.first_month = "2018-01",
};

static const BfColumn bill_summary_by_product_columns[] = {
	MONTH_COLUMN,
	PAYER_UIN_ASKED_COLUMN,
	COLUMN("pay_type", TEXT, REQUEST, NULL,
		   "kind of transaction asked for, months from 2021-05: consume, refund or adjustment; NULL when none was: all"),
	BUSINESS_CODE_COLUMN(ROW),
	BUSINESS_CODE_NAME_COLUMN(ROW),
	BILL_MONTH_COLUMN(ROW),
	REAL_TOTAL_COST_RATIO_COLUMN(ROW),
	AMOUNT_COLUMNS,
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable bill_summary_by_product_table = {
	.name = "bill_summary_by_product",
	.family = "bill",
	.action = &bill_summary_by_product_action,
	.columns = bill_summary_by_product_columns,
	.rows_per_request = 30,
	.grain = "One row per month and product.",
	.caution = "Without pay_type a row holds all transactions, with it only those asked for: do not add one to the other.  Ratios are rounded and need not sum to 100.",
};

/* ---------- DescribeBillSummaryByProject ---------- */

static const BfParam bill_summary_by_project_params[] = {
	MONTH_RANGE_PARAM,
	PAYER_UIN_PARAM,
	NO_PARAM
};

static const BfAction bill_summary_by_project_action = {
	.name = "DescribeBillSummaryByProject",
	.does = "read the bill summary by project",
	.params = bill_summary_by_project_params,
	.rows = "SummaryOverview",
	.ready_flag = true,
	.paging = BF_PAGING_NONE,
	.first_month = "2018-01",
};

static const BfColumn bill_summary_by_project_columns[] = {
	MONTH_COLUMN,
	PAYER_UIN_ASKED_COLUMN,
	COLUMN("project_id", TEXT, ROW, "ProjectId",
		   "project id, 0 = default project"),
	PROJECT_NAME_COLUMN(ROW),
	BILL_MONTH_COLUMN(ROW),
	REAL_TOTAL_COST_RATIO_COLUMN(ROW),
	AMOUNT_COLUMNS,
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable bill_summary_by_project_table = {
	.name = "bill_summary_by_project",
	.family = "bill",
	.action = &bill_summary_by_project_action,
	.columns = bill_summary_by_project_columns,
	.rows_per_request = 10,
	.grain = "One row per month and project.",
	.caution = "Ratios are rounded and need not sum to 100.",
};

/* ---------- DescribeBillSummaryByRegion ---------- */

static const BfParam bill_summary_by_region_params[] = {
	MONTH_RANGE_PARAM,
	PAYER_UIN_PARAM,
	NO_PARAM
};

static const BfAction bill_summary_by_region_action = {
	.name = "DescribeBillSummaryByRegion",
	.does = "read the bill summary by region",
	.params = bill_summary_by_region_params,
	.rows = "SummaryOverview",
	.ready_flag = true,
	.paging = BF_PAGING_NONE,
	.first_month = "2018-01",
};

static const BfColumn bill_summary_by_region_columns[] = {
	MONTH_COLUMN,
	PAYER_UIN_ASKED_COLUMN,
	REGION_ID_COLUMN(ROW),
	REGION_NAME_COLUMN(ROW),
	BILL_MONTH_COLUMN(ROW),
	REAL_TOTAL_COST_RATIO_COLUMN(ROW),
	AMOUNT_COLUMNS,
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable bill_summary_by_region_table = {
	.name = "bill_summary_by_region",
	.family = "bill",
	.action = &bill_summary_by_region_action,
	.columns = bill_summary_by_region_columns,
	.rows_per_request = 10,
	.grain = "One row per month and region.",
	.caution = "Amounts of region 0 (other) may be negative.  Ratios are rounded and need not sum to 100.",
};

/* ---------- DescribeBillSummaryByTag ---------- */

static const BfParam bill_summary_by_tag_params[] = {
	MONTH_RANGE_PARAM,
	OPEN_PARAM("tag_key", "TagKey", "project",
			   .required = true),
	PAYER_UIN_PARAM,
	OPEN_PARAM("tag_value", "TagValue", "web"),
	NO_PARAM
};

static const BfAction bill_summary_by_tag_action = {
	.name = "DescribeBillSummaryByTag",
	.does = "read the bill summary by tag",
	.params = bill_summary_by_tag_params,
	.rows = "SummaryOverview",
	.ready_flag = true,
	.paging = BF_PAGING_NONE,
	.first_month = "2018-01",
};

static const BfColumn bill_summary_by_tag_columns[] = {
	MONTH_COLUMN,
	COLUMN("tag_key", TEXT, REQUEST, NULL,
		   "tag key asked for"),
	PAYER_UIN_ASKED_COLUMN,
	COLUMN("tag_value", TEXT, ROW, "TagValue",
		   "tag value, empty for resources without that tag"),
	REAL_TOTAL_COST_RATIO_COLUMN(ROW),
	AMOUNT_COLUMNS,
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable bill_summary_by_tag_table = {
	.name = "bill_summary_by_tag",
	.family = "bill",
	.action = &bill_summary_by_tag_action,
	.columns = bill_summary_by_tag_columns,
	.rows_per_request = 10,
	.grain = "One row per month, tag key and value of that tag.",
	.caution = "The same money appears once per tag key: sum within one tag_key only.  Ratios are rounded and need not sum to 100.",
};

/* ---------- DescribeBillResourceSummary ---------- */

static const BfParam bill_resource_summary_params[] = {
	MONTH_PARAM,
	INPUT_PARAM("action_type", "ActionType", "Daily settlement"),
	PAY_MODE_PARAM,
	OPEN_PARAM("business_code", "BusinessCode", "p_cvm"),
	OPEN_PARAM("resource_id", "ResourceId", "ins-12345678"),
	PAYER_UIN_PARAM,
	RESOURCE_BILL_TAG_PARAMS,
	NO_PARAM
};

static const BfAction bill_resource_summary_action = {
	.name = "DescribeBillResourceSummary",
	.does = "read the resource bill",
	.params = bill_resource_summary_params,
	.constants = bf_catalog_need_record_num,
	.rows = "ResourceSummarySet",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 1000,
	.total = "Total",
	.first_month = "2018-01",
};

static const BfColumn bill_resource_summary_columns[] = {
	MONTH_COLUMN,
	COLUMN("action_type", TEXT, REQUEST, NULL,
		   "transaction type asked for, by the API's own list of names; NULL when none was"),
	COLUMN("pay_mode", TEXT, PAY_MODE, "PayModeName",
		   "billing mode code (prePay, postPay, riPay) of pay_mode_name, NULL for an unknown label"),
	PAYER_UIN_ASKED_COLUMN,
	RESOURCE_BILL_LABEL_COLUMNS,
	BILL_PAYER_UIN_COLUMN(ROW),
	RESOURCE_BILL_COLUMNS,
	NO_COLUMN
};

static const BfTable bill_resource_summary_table = {
	.name = "bill_resource_summary",
	.family = "bill",
	.action = &bill_resource_summary_action,
	.columns = bill_resource_summary_columns,
	.rows_per_request = 1000,
	.grain = "One row per month, resource and transaction type (and order).",
	.caution = "A resource has several rows.  When tag_key is asked for, every row appears once per key: sum within one tag_key only.",
};

/* ---------- DescribeBillDetail ---------- */

static const BfParam bill_detail_params[] = {
	MONTH_PARAM,
	INPUT_PARAM("action_type_asked", "ActionType", "Daily settlement"),
	PAY_MODE_PARAM,
	OPEN_PARAM("business_code", "BusinessCode", "p_cvm"),
	OPEN_PARAM("resource_id", "ResourceId", "ins-12345678"),
	OPEN_PARAM("project_id", "ProjectId", "0",
			   .form = BF_FORM_INTEGER),
	PAYER_UIN_PARAM,
	NO_PARAM
};

static const BfAction bill_detail_action = {
	.name = "DescribeBillDetail",
	.does = "read the bill lines",
	.params = bill_detail_params,
	.constants = bf_catalog_need_record_num,
	.rows = "DetailSet",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.cursor = "Context",
	.max_page = 300,
	.total = "Total",
	.first_month = "2018-01",
};

static const BfColumn bill_detail_columns[] = {
	MONTH_COLUMN,
	COLUMN("action_type_asked", TEXT, REQUEST, NULL,
		   "transaction type asked for, by the API's own list of names (no code); NULL when none was"),
	COLUMN("pay_mode", TEXT, PAY_MODE, "PayModeName",
		   "billing mode code (prePay, postPay, riPay) of pay_mode_name, NULL for an unknown label"),
	PAYER_UIN_ASKED_COLUMN,
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
	BILL_PAYER_UIN_COLUMN(ROW),
	OWNER_UIN_COLUMN(ROW),
	OPERATE_UIN_COLUMN(ROW),
	COLUMN("id", TEXT, ROW, "Id",
		   "id of the bill line"),
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
	REGION_TYPE_COLUMN(ROW),
	REGION_TYPE_NAME_COLUMN(ROW),
	RESERVE_DETAIL_COLUMN(ROW),
	DISCOUNT_OBJECT_COLUMN(ROW),
	DISCOUNT_TYPE_COLUMN(ROW),
	DISCOUNT_CONTENT_COLUMN(ROW),
	COLUMN("extend_field", TEXT, ROW, "ExtendField",
		   "product-specific extension as text",
		   .sites = BF_SITES_CHINA),
	TAGS_COLUMN,
	COMPONENT_SET_COLUMN(ROW),
	NO_COLUMN
};

static const BfTable bill_detail_table = {
	.name = "bill_detail",
	.family = "bill",
	.action = &bill_detail_action,
	.columns = bill_detail_columns,
	.rows_per_request = 1000,
	.grain = "One row per bill line.",
	.caution = "A line holds no amounts itself: they are in its components, see bill_detail_component.  The API keeps lines for 18 months.",
};

static const BfColumn bill_detail_component_columns[] = {
	MONTH_COLUMN,
	COLUMN("action_type_asked", TEXT, REQUEST, NULL,
		   "transaction type asked for, by the API's own list of names (no code); NULL when none was"),
	COLUMN("pay_mode", TEXT, PARENT_PAY_MODE, "PayModeName",
		   "billing mode code (prePay, postPay, riPay) of pay_mode_name, NULL for an unknown label"),
	PAYER_UIN_ASKED_COLUMN,
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
	BILL_PAYER_UIN_COLUMN(PARENT),
	OWNER_UIN_COLUMN(PARENT),
	OPERATE_UIN_COLUMN(PARENT),
	COLUMN("id", TEXT, PARENT, "Id",
		   "id of the bill line"),
	COLUMN("bill_month", DATE, PARENT, "BillMonth",
		   "the bill's month, by its first day"),
	BILL_DAY_COLUMN(PARENT),
	PAY_TIME_COLUMN(PARENT),
	FEE_BEGIN_TIME_COLUMN(PARENT),
	FEE_END_TIME_COLUMN(PARENT),
	BILL_COMPONENT_COLUMNS,
	NO_COLUMN
};

static const BfTable bill_detail_component_table = {
	.name = "bill_detail_component",
	.family = "bill",
	.action = &bill_detail_action,
	.nested = "ComponentSet",
	.columns = bill_detail_component_columns,
	.rows_per_request = 1000,
	.grain = "One row per component of a bill line.",
	.caution = "A line has several components: count lines in bill_detail.  Prices, usages, durations and discounts must not be summed.",
};

/* ---------- DescribeBillAdjustInfo ---------- */

static const BfParam bill_adjust_info_params[] = {
	MONTH_PARAM,
	PAYER_UIN_PARAM,
	NO_PARAM
};

static const BfAction bill_adjust_info_action = {
	.name = "DescribeBillAdjustInfo",
	.does = "read the bill adjustments",
	.params = bill_adjust_info_params,
	.rows = "Data",
	.paging = BF_PAGING_NONE,
	.total = "Total",
	.first_month = "2018-01",
};

static const BfColumn bill_adjust_info_columns[] = {
	MONTH_COLUMN,
	PAYER_UIN_ASKED_COLUMN,
	COLUMN("bill_month", TEXT, ROW, "Month",
		   "month of the adjustment as the API returns it, YYYY-MM"),
	BILL_PAYER_UIN_COLUMN(ROW),
	COLUMN("adjust_type", TEXT, ROW, "AdjustType",
		   "manualAdjustment, supplementarySettlement or reSettlement"),
	COLUMN("adjust_num", TEXT, ROW, "AdjustNum",
		   "number of the adjustment document"),
	AMOUNT("adjust_amount", ROW, "AdjustAmount",
		   "amount of the adjustment"),
	COLUMN("adjust_completion_time", TIMESTAMP, ROW, "AdjustCompletionTime",
		   "when the adjustment was finished"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable bill_adjust_info_table = {
	.name = "bill_adjust_info",
	.family = "bill",
	.action = &bill_adjust_info_action,
	.columns = bill_adjust_info_columns,
	.rows_per_request = 10,
	.grain = "One row per adjustment of a bill.",
	.caution = "An adjustment tells of a change of the bill: do not add it to the amounts of the bill.",
};

/* ---------- DescribeBillDownloadUrl ---------- */

static const char *const bill_download_url_file_types[] = {
	"billOverview", "billSummary", "billResource", "billDetail", "billPack",
	NULL
};

static const BfParam bill_download_url_params[] = {
	MONTH_PARAM,
	{
		.column = "file_type",
		.member = "FileType",
		.domain = BF_DOMAIN_CLOSED,
		.required = true,
		.values = bill_download_url_file_types,
		.example = "billDetail",
	},
	ARRAY_INPUT_PARAM("child_uin", "ChildUin", "100000000001"),
	NO_PARAM
};

static const BfAction bill_download_url_action = {
	.name = "DescribeBillDownloadUrl",
	.does = "read the download link of a bill file",
	.params = bill_download_url_params,
	.ready_flag = true,
	.paging = BF_PAGING_NONE,
	.first_month = "2021-01",
};

static const BfColumn bill_download_url_columns[] = {
	MONTH_COLUMN,
	COLUMN("file_type", TEXT, REQUEST, NULL,
		   "file asked for: billOverview, billSummary, billResource, billDetail or billPack"),
	COLUMN("child_uin", TEXT, REQUEST, NULL,
		   "member account asked for (by a management account), NULL when none was"),
	COLUMN("download_url", TEXT, ROW, "DownloadUrl",
		   "download link, valid for one day"),
	NO_COLUMN
};

static const BfTable bill_download_url_table = {
	.name = "bill_download_url",
	.family = "bill",
	.action = &bill_download_url_action,
	.columns = bill_download_url_columns,
	.rows_per_request = 1,
	.grain = "One row per month and kind of bill file, once the file is there.",
	.caution = "Nothing can be summed.  There is no billOverview and no billPack for the current month.  A link is as good as the file behind it: who has it can read the bill, for a day.",
};

/* ---------- DescribeCPQBillingMapping ---------- */

static const BfParam cpq_billing_mapping_params[] = {
	INPUT_PARAM("spu_name", "SpuName", "Postpaid TKE native node - Computing C4"),
	INPUT_PARAM("category_name", "CategoryName", "ResouceFee&ServiceFee"),
	INPUT_PARAM("business_name", "BusinessName", "Tencent Kubernetes Engine"),
	INPUT_PARAM("product_name", "ProductName", "TKE_NativeNode_C4"),
	INPUT_PARAM("component_name", "ComponentName", "Cloud desktop system disk"),
	INPUT_PARAM("item_name", "ItemName", "Cloud desktop system disk SSD"),
	OPEN_PARAM("business_code", "BusinessCode", "p_cvm"),
	OPEN_PARAM("product_code", "ProductCode", "sp_011691_tke_hn_c4"),
	OPEN_PARAM("component_code", "ComponentCode", "v_cvd_ins_rootdisk"),
	OPEN_PARAM("item_code", "ItemCode", "sv_cvd_ins_rootdisk_ssd"),
	NO_PARAM
};

static const BfAction cpq_billing_mapping_action = {
	.name = "DescribeCPQBillingMapping",
	.does = "read the mapping of quoted products",
	.sites = BF_SITES_INTL,
	.params = cpq_billing_mapping_params,
	.rows = "ResourceSpuSet",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.text_paging = true,
	.max_page = 100,
	.total = "Total",
};

static const BfColumn cpq_billing_mapping_columns[] = {
	COLUMN("spu_name", TEXT, REQUEST, NULL,
		   "name of a quoted subproduct asked for, NULL when none was"),
	COLUMN("category_name", TEXT, REQUEST, NULL,
		   "name of a quoted product asked for, NULL when none was"),
	COLUMN("business_name", TEXT, REQUEST, NULL,
		   "name of a product asked for, NULL when none was"),
	COLUMN("product_name", TEXT, REQUEST, NULL,
		   "name of a subproduct asked for, NULL when none was"),
	COLUMN("component_name", TEXT, REQUEST, NULL,
		   "name of a component type asked for, NULL when none was"),
	COLUMN("item_name", TEXT, REQUEST, NULL,
		   "name of a component asked for, NULL when none was"),
	COLUMN("spu_name_zh", TEXT, ROW, "SpuNameZh",
		   "quoted subproduct in Chinese"),
	COLUMN("spu_name_en", TEXT, ROW, "SpuNameEn",
		   "quoted subproduct in English"),
	COLUMN("category_name_zh", TEXT, ROW, "CategoryNameZh",
		   "quoted product in Chinese"),
	COLUMN("category_name_en", TEXT, ROW, "CategoryNameEn",
		   "quoted product in English"),
	BUSINESS_CODE_COLUMN(ROW),
	COLUMN("business_name_zh", TEXT, ROW, "BusinessNameZh",
		   "product in Chinese"),
	COLUMN("business_name_en", TEXT, ROW, "BusinessNameEn",
		   "product in English"),
	PRODUCT_CODE_COLUMN(ROW),
	COLUMN("product_name_zh", TEXT, ROW, "ProductNameZh",
		   "subproduct in Chinese"),
	COLUMN("product_name_en", TEXT, ROW, "ProductNameEn",
		   "subproduct in English"),
	COMPONENT_CODE_COLUMN(ROW),
	COLUMN("component_name_zh", TEXT, ROW, "ComponentNameZh",
		   "component type in Chinese"),
	COLUMN("component_name_en", TEXT, ROW, "ComponentNameEn",
		   "component type in English"),
	ITEM_CODE_COLUMN(ROW),
	COLUMN("item_name_zh", TEXT, ROW, "ItemNameZh",
		   "component in Chinese"),
	COLUMN("item_name_en", TEXT, ROW, "ItemNameEn",
		   "component in English"),
	NO_COLUMN
};

static const BfTable cpq_billing_mapping_table = {
	.name = "cpq_billing_mapping",
	.family = "bill",
	.action = &cpq_billing_mapping_action,
	.columns = cpq_billing_mapping_columns,
	.rows_per_request = 100,
	.grain = "One row per quoted product and the codes under which it is billed.",
	.caution = "The table holds no amounts.  Codes occur in several rows: joining bills to it by a code repeats them.",
};

const BfTable *const bf_catalog_bill[] = {
	&bill_summary_table,
	&bill_summary_business_table,
	&bill_summary_by_pay_mode_table,
	&bill_summary_by_pay_mode_detail_table,
	&bill_summary_by_product_table,
	&bill_summary_by_project_table,
	&bill_summary_by_region_table,
	&bill_summary_by_tag_table,
	&bill_resource_summary_table,
	&bill_detail_table,
	&bill_detail_component_table,
	&bill_adjust_info_table,
	&bill_download_url_table,
	&cpq_billing_mapping_table,
	NULL
};

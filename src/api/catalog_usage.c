/*-------------------------------------------------------------------------
 *
 * catalog_usage.c
 *	  Tables of usage of products.
 *
 * IDENTIFICATION
 *	  src/api/catalog_usage.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/catalog_entries.h"

#include <stddef.h>

/* ---------- DescribeDosageCosDetailByDate ---------- */

static const BfParam dosage_cos_detail_by_date_params[] = {
	{
		.column = "month",
		.member = "StartDate",
		.member2 = "EndDate",
		.domain = BF_DOMAIN_MONTH,
		.form = BF_FORM_DAY,
		.required = true,
		.example = "2023-04",
	},
	OPEN_PARAM("bucket_name", "BucketName", "examplebucket-1250000000",
			   .required = true),
	NO_PARAM
};

static const BfAction dosage_cos_detail_by_date_action = {
	.name = "DescribeDosageCosDetailByDate",
	.does = "read the usage of a COS bucket",
	.params = dosage_cos_detail_by_date_params,
	.rows = "DetailSets",
	.paging = BF_PAGING_NONE,
	.first_month = "2018-01",
};

static const BfColumn dosage_cos_detail_by_date_columns[] = {
	MONTH_COLUMN,
	COLUMN("bucket_name", TEXT, ROW, "BucketName",
		   "COS bucket"),
	COLUMN("dosage_begin_time", TIMESTAMP, ROW, "DosageBeginTime",
		   "start of the usage"),
	COLUMN("dosage_end_time", TIMESTAMP, ROW, "DosageEndTime",
		   "end of the usage"),
	COLUMN("sub_product_code_name", TEXT, ROW, "SubProductCodeName",
		   "localized label of the subproduct"),
	COLUMN("billing_item_code_name", TEXT, ROW, "BillingItemCodeName",
		   "localized label of the billing item"),
	COLUMN("dosage_value", NUMERIC, ROW, "DosageValue",
		   "usage",
		   .unit = "units of column unit"),
	COLUMN("unit", TEXT, ROW, "Unit",
		   "unit of the usage"),
	NO_COLUMN
};

static const BfTable dosage_cos_detail_by_date_table = {
	.name = "dosage_cos_detail_by_date",
	.family = "usage",
	.action = &dosage_cos_detail_by_date_action,
	.columns = dosage_cos_detail_by_date_columns,
	.rows_per_request = 300,
	.grain = "One row per bucket, billing item and period of use (a day in the documented sample).",
	.caution = "Units differ by billing item: sum within one unit and one billing item only, and storage not over time.",
};

/* ---------- DescribeDosageDetailByDate ---------- */

static const char *const dosage_detail_by_date_product_codes[] = {
	"10194", "10195", "102383", "102384", "102385", "102386", "100967",
	"101065", "10226", "10227", "100763", "100762", NULL
};

static const BfParam dosage_detail_by_date_params[] = {
	{
		.column = "time",
		.member = "StartDate",
		.member2 = "EndDate",
		.domain = BF_DOMAIN_RANGE,
		.form = BF_FORM_DAY,
		.required = true,
		.max_days = 7,
		.end_included = true,
		.example = "2023-04-01",
	},
	{
		.column = "product_code",
		.member = "ProductCode",
		.domain = BF_DOMAIN_CLOSED,
		.required = true,
		.values = dosage_detail_by_date_product_codes,
		.example = "102383",
	},
	OPEN_PARAM("domain_asked", "Domain", "www.example.com",
			   .required = true,
			   .empty = true),
	OPEN_PARAM("instance_id", "InstanceID", "lb-12345678"),
	PAYER_UIN_PARAM,
	NO_PARAM
};

static const BfAction dosage_detail_by_date_action = {
	.name = "DescribeDosageDetailByDate",
	.does = "read the usage of a product by day",
	.sites = BF_SITES_CHINA,
	.params = dosage_detail_by_date_params,
	.rows = "DetailSets",
	.status = "RetCode",
	.status_text = "RetMsg",
	.paging = BF_PAGING_NONE,
};

static const BfColumn dosage_detail_by_date_detail_points_columns[] = {
	COLUMN("product_code", TEXT, REQUEST, NULL,
		   "numeric product code asked for"),
	COLUMN("domain_asked", TEXT, REQUEST, NULL,
		   "domain name asked for, empty for products other than CDN; rows may show another"),
	COLUMN("payer_uin", TEXT, REQUEST, NULL,
		   "payer account asked for, NULL when none was: the caller's own usage"),
	COLUMN("domain", TEXT, PARENT, "Domain",
		   "domain name as the API returns it"),
	COLUMN("instance_id", TEXT, PARENT, "InstanceID",
		   "instance id"),
	COLUMN("time", TIMESTAMP, ROW, "Time",
		   "point in time"),
	COLUMN("value", NUMERIC, ROW, "Value",
		   "usage at that time",
		   .unit = "units of column unit"),
	COLUMN("unit", TEXT, ANSWER, "Unit",
		   "unit of the usage"),
	NO_COLUMN
};

static const BfTable dosage_detail_by_date_detail_points_table = {
	.name = "dosage_detail_by_date_detail_points",
	.family = "usage",
	.action = &dosage_detail_by_date_action,
	.nested = "DetailPoints",
	.columns = dosage_detail_by_date_detail_points_columns,
	.rows_per_request = 2000,
	.grain = "One row per domain or instance and point in time.",
	.caution = "Points are measurements (such as bandwidth): whether they may be summed depends on the unit.",
};

/* ---------- DescribeDosageDetailList ---------- */

static const char *const dosage_detail_list_product_codes[] = {
	"p_ccc", "p_rav", "p_pstn", "p_smh", "p_coding_devops", "p_dsa", NULL
};

static const char *const dosage_detail_list_dosage_types[] = {
	"minute", "hour", "day", "month", "comm", NULL
};

static const BfParam dosage_detail_list_params[] = {
	{
		.column = "date",
		.member = "StartTime",
		.member2 = "EndTime",
		.domain = BF_DOMAIN_RANGE,
		.form = BF_FORM_DAY,
		.required = true,
		.max_days = 30,
		.example = "2023-04-01",
	},
	{
		.column = "product_code",
		.member = "ProductCode",
		.domain = BF_DOMAIN_CLOSED,
		.required = true,
		.values = dosage_detail_list_product_codes,
		.example = "p_rav",
	},
	OPEN_PARAM("dosage_type", "DosageType", "day",
			   .values = dosage_detail_list_dosage_types),
	NO_PARAM
};

static const BfAction dosage_detail_list_action = {
	.name = "DescribeDosageDetailList",
	.does = "read the standard usage details",
	.sites = BF_SITES_CHINA,
	.params = dosage_detail_list_params,
	.rows = "Record",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 3000,
};

static const BfColumn dosage_detail_list_columns[] = {
	COLUMN("date", DATE, ROW, "Date",
		   "day of the usage"),
	COLUMN("uin", TEXT, ROW, "Uin",
		   "account that used the product"),
	COLUMN("product_code", TEXT, ROW, "ProductCode",
		   "product code (p_...)"),
	COLUMN("product_code_name", TEXT, ROW, "ProductCodeName",
		   "localized label of the product"),
	COLUMN("sub_product_code", TEXT, ROW, "SubProductCode",
		   "subproduct code"),
	COLUMN("sub_product_code_name", TEXT, ROW, "SubProductCodeName",
		   "localized label of the subproduct"),
	COLUMN("billing_item_code", TEXT, ROW, "BillingItemCode",
		   "billing item (component type) code"),
	COLUMN("billing_item_code_name", TEXT, ROW, "BillingItemCodeName",
		   "localized label of the billing item"),
	COLUMN("sub_billing_item_code", TEXT, ROW, "SubBillingItemCode",
		   "billing sub-item (component) code"),
	COLUMN("sub_billing_item_code_name", TEXT, ROW, "SubBillingItemCodeName",
		   "localized label of the billing sub-item"),
	COLUMN("dosage_type", TEXT, ROW, "DosageType",
		   "granularity: minute, hour, day, month or comm (other)"),
	COLUMN("dosage_begin_time", TIMESTAMP, ROW, "DosageBeginTime",
		   "start of the usage"),
	COLUMN("dosage_end_time", TIMESTAMP, ROW, "DosageEndTime",
		   "end of the usage"),
	COLUMN("dosage_value", NUMERIC, ROW, "DosageValue",
		   "usage",
		   .unit = "units of dosage_unit"),
	COLUMN("deduct_value", NUMERIC, ROW, "DeductValue",
		   "usage covered by packages",
		   .unit = "units of dosage_unit"),
	COLUMN("remain_value", NUMERIC, ROW, "RemainValue",
		   "what remains of the usage after packages were deducted",
		   .unit = "units of dosage_unit"),
	COLUMN("dosage_unit", TEXT, ROW, "DosageUnit",
		   "unit of the usage"),
	COLUMN("sdk_app_id", TEXT, ROW, "SdkAppId",
		   "SDK application id"),
	COLUMN("attr_str", JSONB, ROW, "AttrStr",
		   "further attributes, as sent: Key and Value"),
	COLUMN("sheet_name", JSONB, ROW, "SheetName",
		   "names of the usage templates, as an array"),
	NO_COLUMN
};

static const BfTable dosage_detail_list_table = {
	.name = "dosage_detail_list",
	.family = "usage",
	.action = &dosage_detail_list_action,
	.columns = dosage_detail_list_columns,
	.rows_per_request = 1000,
	.grain = "One row per product, billing item, period of use and granularity.",
	.caution = "The same usage may appear once per dosage_type: sum within one dosage_type, one dosage_unit and one billing item only.",
};

const BfTable *const bf_catalog_usage[] = {
	&dosage_cos_detail_by_date_table,
	&dosage_detail_by_date_detail_points_table,
	&dosage_detail_list_table,
	NULL
};

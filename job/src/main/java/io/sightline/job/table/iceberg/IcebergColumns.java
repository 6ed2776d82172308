package io.sightline.job.table.iceberg;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A table's columns as Iceberg has them. */
final class IcebergColumns {
    private IcebergColumns() {}

    /**
     * With the field ids that a new table gives them, which the name mapping has to know.
     *
     * @throws IllegalArgumentException if a column has a type that Iceberg lacks
     */
    static Schema of(StructType columns) {
        try {
            AtomicInteger last = new AtomicInteger();
            return TypeUtil.assignFreshIds(0, SparkSchemaUtil.convert(columns), last::incrementAndGet);
        } catch (UnsupportedOperationException e) {
            throw new IllegalArgumentException(
                    "prompts.keep has a column whose type Iceberg lacks: " + e.getMessage()
                            + "; leave it out, or cast it in the source",
                    e);
        }
    }

    /** How files without field ids are read: by their columns' names. */
    static String mapping(Schema schema) {
        return NameMappingParser.toJson(MappingUtil.create(schema));
    }

    /** Gives the table the columns of {@code wanted}: another run may keep other columns of its prompts. */
    static void conform(Transaction transaction, Schema wanted) {
        Schema present = transaction.table().schema();
        if (SparkSchemaUtil.convert(present).equals(SparkSchemaUtil.convert(wanted))) {
            return;
        }
        UpdateSchema update = transaction.updateSchema();
        for (Types.NestedField column : present.columns()) {
            if (!isSame(column, wanted.findField(column.name()))) {
                update.deleteColumn(column.name());
            }
        }
        for (Types.NestedField column : wanted.columns()) {
            if (!isSame(column, present.findField(column.name()))) {
                update.addColumn(column.name(), column.type());
            }
        }
        update.commit();
        transaction
                .updateProperties()
                .set(
                        TableProperties.DEFAULT_NAME_MAPPING,
                        mapping(transaction.table().schema()))
                .commit();
    }

    private static boolean isSame(Types.NestedField column, Types.@Nullable NestedField other) {
        return other != null && SparkSchemaUtil.convert(column.type()).equals(SparkSchemaUtil.convert(other.type()));
    }
}

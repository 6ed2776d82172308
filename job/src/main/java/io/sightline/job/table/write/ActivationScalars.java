package io.sightline.job.table.write;

import io.sightline.job.table.Columns;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/** The columns of an activations row group that stand before the vector. */
final class ActivationScalars {
    private final ActivationGroup group;
    private final TokenTexts texts;

    ActivationScalars(ActivationGroup group, TokenTexts texts) {
        this.group = group;
        this.texts = texts;
    }

    void write(PageFile page, List<String> names, List<ActivationRun> runs) throws IOException {
        ScalarColumns columns = new ScalarColumns(page.schema(), names, page.compressor());
        GroupWriter groupColumns = new GroupWriter(columns, group);
        RowWriter rowColumns = new RowWriter(columns);
        for (ActivationRun run : runs) {
            Binary prompt = Binary.fromString(run.prompt().id());
            @Nullable Binary @Nullable [] tokenTexts = texts.of(run.tokens());
            for (int row = 0; row < run.rows().rows(); row++) {
                groupColumns.write();
                rowColumns.write(prompt, run, row, tokenTexts);
                columns.endRow();
            }
        }
        columns.writeTo(page.file());
    }

    /** The columns that are the same for the whole group. */
    private static final class GroupWriter {
        private final ColumnWriter name;
        private final ColumnWriter module;
        private final ColumnWriter layer;
        private final ColumnWriter io;
        private final Binary nameText;
        private final Binary moduleText;
        private final @Nullable Integer layerNumber;
        private final Binary ioText;

        GroupWriter(ScalarColumns columns, ActivationGroup group) {
            name = columns.column(Columns.NAME);
            module = columns.column(Columns.MODULE);
            layer = columns.column(Columns.LAYER);
            io = columns.column(Columns.IO);
            nameText = Binary.fromString(group.name());
            moduleText = Binary.fromString(group.module());
            layerNumber = group.layer();
            ioText = Binary.fromString(group.io());
        }

        void write() {
            name.write(nameText, 0, 0);
            module.write(moduleText, 0, 0);
            if (layerNumber == null) {
                layer.writeNull(0, 0);
            } else {
                layer.write(layerNumber.intValue(), 0, 1);
            }
            io.write(ioText, 0, 0);
        }
    }

    /** The columns that differ from row to row. */
    private static final class RowWriter {
        private final ColumnWriter promptId;
        private final ColumnWriter step;
        private final ColumnWriter position;
        private final ColumnWriter tokenId;
        private final ColumnWriter token;

        RowWriter(ScalarColumns columns) {
            promptId = columns.column(Columns.PROMPT_ID);
            step = columns.column(Columns.STEP);
            position = columns.column(Columns.POSITION);
            tokenId = columns.column(Columns.TOKEN_ID);
            token = columns.column(Columns.TOKEN);
        }

        void write(Binary prompt, ActivationRun run, int row, @Nullable Binary @Nullable [] texts) {
            TokenSpan tokens = run.tokens();
            promptId.write(prompt, 0, 0);
            step.write(run.step(), 0, 0);
            if (tokens.isPooled()) {
                position.writeNull(0, 0);
            } else {
                position.write(tokens.positionOf(row), 0, 1);
            }
            if (tokens.ids() == null) {
                tokenId.writeNull(0, 0);
            } else {
                tokenId.write(tokens.ids()[tokens.from() + row], 0, 1);
            }
            ScalarColumns.write(token, texts == null ? null : texts[tokens.from() + row]);
        }
    }
}

package io.sightline.job.table.write;

import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** Reads a chunk's files with parquet-java's own generic reader, page checksums verified. */
final class ParquetFiles {
    private ParquetFiles() {}

    static List<Group> rows(RunDirectory run, RunTable table, int chunk) throws IOException {
        Configuration verifying = new Configuration();
        verifying.setBoolean("parquet.page.verify-checksum.enabled", true);
        List<Group> rows = new ArrayList<>();
        try (ParquetReader<Group> reader = ParquetReader.builder(new GroupReadSupport(), run.file(table, chunk))
                .withConf(verifying)
                .build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }

    static ParquetFileReader open(RunDirectory run, RunTable table, int chunk) throws IOException {
        return ParquetFileReader.open(HadoopInputFile.fromPath(run.file(table, chunk), new Configuration()));
    }

    /** The list column {@code name} of {@code row} as floats. */
    static float[] floats(Group row, String name) {
        Group list = row.getGroup(name, 0);
        float[] floats = new float[list.getFieldRepetitionCount(0)];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = list.getGroup(0, i).getFloat(0, 0);
        }
        return floats;
    }
}

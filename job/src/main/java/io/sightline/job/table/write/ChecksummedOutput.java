package io.sightline.job.table.write;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.apache.parquet.io.PositionOutputStream;

/** A file being written: counts its bytes and takes their CRC-32C on the way. */
final class ChecksummedOutput extends PositionOutputStream {
    private final OutputStream out;
    private final CRC32C crc = new CRC32C();
    private long position;
    private boolean closed;

    ChecksummedOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        crc.update(b);
        position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        crc.update(bytes, offset, length);
        position += length;
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            out.close();
        }
    }

    String crc32c() {
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}

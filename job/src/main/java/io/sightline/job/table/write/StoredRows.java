package io.sightline.job.table.write;

/**
 * Rows that lie one after another in a {@link RowStore}.
 *
 * @param address of the first row's first byte
 * @param rows how many
 * @param width numbers in each
 */
record StoredRows(long address, int rows, int width) {

    StoredRows slice(int first, int count, int bytesPerNumber) {
        return new StoredRows(address + (long) first * width * bytesPerNumber, count, width);
    }

    long numbers() {
        return (long) rows * width;
    }
}

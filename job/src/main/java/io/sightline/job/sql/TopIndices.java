package io.sightline.job.sql;

/**
 * The indices (from 0) of the k largest elements, largest first; equal elements by index; NaN counts as larger than everything, as in torch's
 * {@code topk} and Spark's ordering. A min-heap of the k best so far: its root is the one that the next better element replaces.
 */
final class TopIndices {
    private final double[] values;
    private final int[] heap;

    private TopIndices(double[] values, int k) {
        this.values = values;
        this.heap = new int[k];
    }

    /** All of them, sorted, where the vector has fewer than {@code k}. */
    static int[] of(double[] values, int k) {
        return new TopIndices(values, Math.min(k, values.length)).find();
    }

    private int[] find() {
        for (int i = 0; i < heap.length; i++) {
            heap[i] = i;
        }
        for (int parent = heap.length / 2 - 1; parent >= 0; parent--) {
            sink(parent, heap.length);
        }
        for (int i = heap.length; i < values.length && heap.length > 0; i++) {
            if (ranksBefore(i, heap[0])) {
                heap[0] = i;
                sink(0, heap.length);
            }
        }
        sortBestFirst();
        return heap;
    }

    private void sortBestFirst() {
        for (int last = heap.length - 1; last > 0; last--) {
            swap(0, last);
            sink(0, last);
        }
    }

    private void sink(int parent, int size) {
        int at = parent;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && ranksBefore(heap[child], heap[child + 1])) {
                child++;
            }
            if (!ranksBefore(heap[at], heap[child])) {
                return;
            }
            swap(at, child);
            at = child;
        }
    }

    private boolean ranksBefore(int i, int j) {
        double a = values[i];
        double b = values[j];
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return Double.isNaN(a) && (!Double.isNaN(b) || i < j);
        }
        return a > b || (a == b && i < j);
    }

    private void swap(int i, int j) {
        int index = heap[i];
        heap[i] = heap[j];
        heap[j] = index;
    }
}

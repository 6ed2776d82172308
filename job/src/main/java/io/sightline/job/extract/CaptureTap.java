package io.sightline.job.extract;

import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.interleave.CaptureSink;
import io.sightline.job.config.TokenSelection.Kind;
import io.sightline.job.table.write.TokenSpan;
import java.util.Arrays;

/**
 * Takes one capture's values out of a running batch: picks the wanted prompts and tokens on the device, copies them once into a reused
 * array, and hands that to the sink.
 */
final class CaptureTap implements CaptureSink {
    private final ResolvedCapture capture;
    private final BatchRows batch;
    private final int[] wanted;
    private final Device device;
    private final OutputRows.Receiver receiver;

    CaptureTap(ResolvedCapture capture, BatchRows batch, Device device, OutputRows.Receiver receiver) {
        this.capture = capture;
        this.batch = batch;
        this.wanted = batch.wantedBy(capture);
        this.device = device;
        this.receiver = receiver;
    }

    /** Whether any prompt of the batch is captured at all. */
    boolean isWanted() {
        return wanted.length > 0;
    }

    /** @param call the module's call in this run: the generation step */
    @Override
    public void accept(Tensor value, int call) {
        try (Scope scope = Scope.open()) {
            if (capture.layout() == ResolvedCapture.Layout.BATCH) {
                pooled(wantedOf(matrix(value, batchRows())), call);
            } else {
                tokens(wantedOf(cube(value)), call);
            }
        }
    }

    private int batchRows() {
        return batch.size() * batch.invokes();
    }

    /** {@code [rows, all the rest]}. */
    private static Tensor matrix(Tensor value, int rows) {
        return value.reshape(rows, value.elements() / rows);
    }

    /** {@code [batch, seq, all the rest]}. */
    private Tensor cube(Tensor value) {
        long seq = capture.layout() == ResolvedCapture.Layout.FLAT ? value.size(0) / batchRows() : value.size(1);
        return value.reshape(batchRows(), seq, value.elements() / (batchRows() * seq));
    }

    private Tensor wantedOf(Tensor rows) {
        int first = capture.invoke() * batch.size();
        if (wanted.length == batch.size()) {
            return batch.invokes() == 1 ? rows : rows.narrow(0, first, batch.size());
        }
        return rows.indexSelect(
                0, indices(Arrays.stream(wanted).map(prompt -> first + prompt).toArray()));
    }

    private Tensor indices(int[] values) {
        Tensor indices = Tensor.of(Arrays.stream(values).asLongStream().toArray(), values.length);
        return device.isCpu() ? indices : indices.to(device);
    }

    private void pooled(Tensor rows, int call) {
        CapturedRows captured = new CapturedRows(capture, call, (int) rows.size(1), receiver.buffers());
        for (int i = 0; i < wanted.length; i++) {
            captured.add(batch.refs().get(wanted[i]), TokenSpan.pooled(), i);
        }
        send(captured, rows);
    }

    private void tokens(Tensor cube, int call) {
        int seq = (int) cube.size(1);
        int width = (int) cube.size(2);
        Kind kind = capture.tokens().kind();
        if (kind == Kind.MEAN) {
            pooled(Reductions.mean(cube, mask(seq, call)), call);
            return;
        }
        CapturedRows captured = new CapturedRows(capture, call, width, receiver.buffers());
        if (kind == Kind.ALL) {
            for (int i = 0; i < wanted.length; i++) {
                TokenSpan span = span(wanted[i], seq, call);
                captured.add(batch.refs().get(wanted[i]), span, i * seq + seq - span.count());
            }
            send(captured, cube);
        } else {
            send(
                    captured,
                    cube.reshape((long) wanted.length * seq, width)
                            .indexSelect(0, indices(select(captured, seq, call))));
        }
    }

    /** The rows of {@code [wanted * seq, width]} that the selection takes, each announced to {@code captured}. */
    private int[] select(CapturedRows captured, int seq, int call) {
        int[] chosen = new int[wanted.length * seq];
        int count = 0;
        for (int i = 0; i < wanted.length; i++) {
            TokenSpan span = span(wanted[i], seq, call);
            for (int position : capture.tokens().positions(span.count())) {
                captured.add(batch.refs().get(wanted[i]), span.slice(position, 1), count);
                chosen[count++] = i * seq + seq - span.count() + position;
            }
        }
        return Arrays.copyOf(chosen, count);
    }

    /**
     * The real tokens of a prompt among the last of {@code seq} columns. Of a generation step's own tokens only the positions are known
     * here: a cached step has a column for each new token, one without cache has all columns again.
     */
    private TokenSpan span(int prompt, int seq, int call) {
        int length = batch.length(prompt, capture.invoke());
        if (call == 0 || seq == batch.width()) {
            return batch.spans()[prompt][capture.invoke()];
        }
        return seq > batch.width()
                ? TokenSpan.positions(0, length + seq - batch.width())
                : TokenSpan.positions(length + (call - 1) * seq, seq);
    }

    private Tensor mask(int seq, int call) {
        boolean[] real = new boolean[wanted.length * seq];
        for (int i = 0; i < wanted.length; i++) {
            Arrays.fill(real, i * seq + seq - span(wanted[i], seq, call).count(), (i + 1) * seq, true);
        }
        Tensor mask = Tensor.of(real, wanted.length, seq);
        return device.isCpu() ? mask : mask.to(device);
    }

    private void send(CapturedRows captured, Tensor rows) {
        if (!captured.isEmpty()) {
            captured.copy(rows);
            receiver.take(captured);
        }
    }
}

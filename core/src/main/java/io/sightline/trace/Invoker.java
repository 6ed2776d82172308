package io.sightline.trace;

/** One input of a trace, open: places read and set now are those of its rows. Closing twice does nothing. */
public final class Invoker implements AutoCloseable {
    private final Tracer tracer;

    Invoker(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public void close() {
        tracer.end(this);
    }
}

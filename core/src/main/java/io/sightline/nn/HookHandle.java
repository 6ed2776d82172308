package io.sightline.nn;

/** A registered hook; closing it takes the hook off again. */
public interface HookHandle extends AutoCloseable {
    @Override
    void close();
}

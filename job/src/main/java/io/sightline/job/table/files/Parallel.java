package io.sightline.job.table.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many small file operations at a time: on a remote file system each waits for an answer. */
public final class Parallel {
    private static final int THREADS = 16;
    private static final int FEW = 4;

    /** An operation on the file that {@code T} stands for. */
    @FunctionalInterface
    public interface Operation<T, R> {
        R apply(T item) throws IOException;
    }

    /** The same without a result. */
    @FunctionalInterface
    public interface Action<T> {
        void apply(T item) throws IOException;
    }

    private Parallel() {}

    public static <T> void forEach(List<T> items, Action<T> action) throws IOException {
        map(items, item -> {
            action.apply(item);
            return true;
        });
    }

    /** The results in the items' order; throws the first failure. */
    public static <T, R> List<R> map(List<T> items, Operation<T, R> operation) throws IOException {
        List<R> results = new ArrayList<>(items.size());
        if (items.size() <= FEW) {
            for (T item : items) {
                results.add(operation.apply(item));
            }
            return results;
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(THREADS, items.size()));
        try {
            List<Future<R>> futures = new ArrayList<>(items.size());
            items.forEach(item -> futures.add(threads.submit(() -> operation.apply(item))));
            for (Future<R> future : futures) {
                results.add(result(future));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static <R> R result(Future<R> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException failure) {
                throw failure;
            } else if (cause instanceof RuntimeException failure) {
                throw failure;
            } else if (cause instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(cause);
        }
    }
}

package io.sightline.job.model;

import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models this JVM holds: each is loaded once for each device, at the first need, and shared by all task slots. The executor's plugin
 * frees them at the end, or whoever ran the job in this JVM.
 */
public final class ModelPool {
    private static final Logger LOG = LoggerFactory.getLogger(ModelPool.class);
    private static final Map<String, LoadedModel> MODELS = new HashMap<>();

    private ModelPool() {}

    /** The model on {@code device}; loads it if this is the first to ask, while others wait. */
    public static LoadedModel get(ModelSpec spec, String device, Configuration hadoop) {
        synchronized (MODELS) {
            return MODELS.computeIfAbsent(key(spec, device), key -> load(spec, device, hadoop));
        }
    }

    private static LoadedModel load(ModelSpec spec, String device, Configuration hadoop) {
        long started = System.nanoTime();
        LoadedModel model = LoadedModel.open(ModelFiles.open(spec, hadoop), spec.source(), device);
        LOG.info(
                "loaded model={} device={} dtype={} bytes={} ms={}",
                spec.source().path(),
                model.device(),
                model.dtype().shortName(),
                model.parameterBytes(),
                (System.nanoTime() - started) / 1_000_000);
        return model;
    }

    /** Adopts a model that the driver opened itself, for tasks that run in the driver's JVM. */
    public static void put(ModelSpec spec, String device, LoadedModel model) {
        synchronized (MODELS) {
            LoadedModel before = MODELS.put(key(spec, device), model);
            if (before != null && before != model) {
                before.close();
            }
        }
    }

    private static String key(ModelSpec spec, String device) {
        return spec.modelHash()
                + ' '
                + spec.tokenizerHash()
                + ' '
                + spec.source().dtype()
                + ' '
                + spec.source().attention()
                + ' '
                + device;
    }

    public static void closeAll() {
        synchronized (MODELS) {
            MODELS.values().forEach(LoadedModel::close);
            MODELS.clear();
        }
    }
}

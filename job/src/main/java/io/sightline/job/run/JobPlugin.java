package io.sightline.job.run;

import io.sightline.job.model.ModelPool;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sightline inside Spark's processes: on executors it registers metrics, carries progress to the driver and frees models at the end; on
 * the driver it takes progress in. A run works without it too, less visibly. Named in {@code spark.plugins}.
 */
public final class JobPlugin implements SparkPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(JobPlugin.class);
    private static volatile @Nullable PluginContext executor;

    @Override
    public DriverPlugin driverPlugin() {
        return new DriverPlugin() {
            @Override
            public Map<String, String> init(SparkContext context, PluginContext plugin) {
                return Map.of();
            }

            @Override
            public @Nullable Object receive(Object message) {
                if (message instanceof ProgressMessage progress) {
                    Progress.receive(progress);
                }
                return null;
            }
        };
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new ExecutorPlugin() {
            @Override
            public void init(PluginContext context, Map<String, String> extra) {
                executor = context;
                RunMetrics.register(context.metricRegistry());
            }

            @Override
            public void shutdown() {
                executor = null;
                ModelPool.closeAll();
            }
        };
    }

    /** Sends progress to the driver where the plugin runs. A lost message does no harm: the chunk's own report has the totals. */
    static void send(ProgressMessage message) {
        PluginContext context = executor;
        if (context != null) {
            try {
                context.send(message);
            } catch (IOException | RuntimeException e) {
                LOG.debug("progress did not reach the driver", e);
            }
        }
    }
}

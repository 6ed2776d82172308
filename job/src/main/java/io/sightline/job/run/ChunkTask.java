package io.sightline.job.run;

import io.sightline.engine.Torch;
import io.sightline.job.extract.ChunkSink;
import io.sightline.job.input.ChunkPrompts;
import io.sightline.job.input.SourcePrompt;
import io.sightline.job.model.LoadedModel;
import io.sightline.job.model.ModelPool;
import io.sightline.job.model.TaskDevice;
import io.sightline.job.table.write.ChunkIdentity;
import io.sightline.job.table.write.ChunkWriter;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/** One Spark task: the prompts of one chunk in, a committed chunk and a report out. */
final class ChunkTask implements Function2<Integer, Iterator<SourcePrompt>, Iterator<ChunkReport>> {
    private static final long serialVersionUID = 1L;

    private final Broadcast<Assignment> broadcast;
    private final List<Integer> chunks;

    /** @param chunks the chunk's number for each partition */
    ChunkTask(Broadcast<Assignment> broadcast, List<Integer> chunks) {
        this.broadcast = broadcast;
        this.chunks = List.copyOf(chunks);
    }

    @Override
    public Iterator<ChunkReport> call(Integer partition, Iterator<SourcePrompt> prompts) throws Exception {
        TaskClock clock = TaskClock.start();
        Assignment assignment = broadcast.value();
        TaskContext task = TaskContext.get();
        int chunk = chunks.get(partition);
        Torch.setThreads(assignment.threads());
        TaskDevice device = TaskDevice.of(task, assignment.model().source().device());
        LoadedModel model = ModelPool.get(
                assignment.model(), device.name(), assignment.hadoop().value());
        boolean identified = assignment.prompts().id() != null;
        List<ChunkPrompts.Named> named =
                ChunkPrompts.inOrder(prompts, identified, assignment.plannedRows()[chunk]);
        String attempt =
                SparkEnv.get().conf().getAppId() + "-" + SparkEnv.get().executorId() + "-" + task.taskAttemptId();
        try (ChunkWriter writer = RunWriters.get(assignment).open(new ChunkIdentity(chunk, attempt));
                ChunkSink sink = new ChunkSink(writer)) {
            ChunkPrompts.Tokenized tokenized =
                    ChunkPrompts.tokenize(named, model.promptTokenizer(assignment.prompts()));
            return List.of(new ChunkWork(
                                    assignment,
                                    task,
                                    model,
                                    Workers.describe(model, device),
                                    chunk,
                                    writer,
                                    sink,
                                    clock)
                            .run(tokenized))
                    .iterator();
        }
    }
}

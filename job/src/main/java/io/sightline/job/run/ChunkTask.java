package io.sightline.job.run;

import io.sightline.job.extract.ChunkSink;
import io.sightline.job.extract.Extractor;
import io.sightline.job.input.ChunkPrompts;
import io.sightline.job.input.SourcePrompt;
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
        TaskDevice device = assignment.extraction().device();
        Extractor extractor = assignment.extraction().open(device);
        ChunkPrompts.Tokenized tokenized = tokenized(assignment, extractor, prompts, chunk);
        String attempt =
                SparkEnv.get().conf().getAppId() + "-" + SparkEnv.get().executorId() + "-" + task.taskAttemptId();
        try (ChunkWriter writer = RunWriters.get(assignment).open(new ChunkIdentity(chunk, attempt));
                ChunkSink sink = new ChunkSink(writer)) {
            ChunkWork work = new ChunkWork(
                    assignment.runId(),
                    chunk,
                    task,
                    Workers.describe(extractor.model(), device),
                    writer,
                    sink,
                    extractor.runner(sink, task::isInterrupted),
                    clock);
            return List.of(work.run(tokenized)).iterator();
        }
    }

    /** The chunk's prompts in order, as token ids. */
    static ChunkPrompts.Tokenized tokenized(
            Assignment assignment, Extractor extractor, Iterator<SourcePrompt> prompts, int chunk) {
        boolean identified = assignment.extraction().prompts().id() != null;
        return ChunkPrompts.tokenize(
                ChunkPrompts.inOrder(prompts, identified, assignment.plannedRows()[chunk]), extractor.tokenizer());
    }
}

package io.sightline.job.run;

import java.io.Serializable;

/** What an executor did since its last message. */
record ProgressMessage(String runId, long prompts, long tokens, long errors) implements Serializable {}

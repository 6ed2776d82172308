package io.sightline.job.table;

import io.sightline.job.table.files.Claim;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The run that writes into a directory, as a task on any host knows it.
 *
 * @param runId of its commit records; null for a resumed run of a version that had none
 * @param claim which its driver must hold at each commit
 */
public record RunOwner(@Nullable String runId, Claim.Ticket claim) implements Serializable {}

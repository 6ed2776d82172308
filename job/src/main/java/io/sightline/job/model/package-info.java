/**
 * A model on a machine of the cluster: its files on this node, the hash of their content, the copy that a JVM holds for its task slots, and
 * the device and threads that a task may use.
 *
 * <p>It runs nothing: {@code job.extract} puts batches through the model.
 */
@NullMarked
package io.sightline.job.model;

import org.jspecify.annotations.NullMarked;

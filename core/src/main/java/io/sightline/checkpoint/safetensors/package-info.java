/**
 * The safetensors file format: reading through a memory map, writing in a stream. It knows tensors and their names, nothing of models;
 * {@code checkpoint} puts files together to a model's directory.
 *
 * <p>Format: <a href="https://github.com/huggingface/safetensors#format">huggingface/safetensors</a>. A little-endian u64 gives the header's
 * length, the header is a JSON object from tensor name to {@code dtype}, {@code shape} and {@code data_offsets} (relative to the header's
 * end), and the data follow without holes.
 */
@NullMarked
package io.sightline.checkpoint.safetensors;

import org.jspecify.annotations.NullMarked;

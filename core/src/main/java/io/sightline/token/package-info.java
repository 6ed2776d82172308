/**
 * Text to token ids and back by the checkpoint's tokenizer.json, and rows of ids to padded batches with their attention mask and
 * position ids. It runs Hugging Face's own tokenizers library through DJL; it knows no model.
 */
@NullMarked
package io.sightline.token;

import org.jspecify.annotations.NullMarked;

/**
 * The PyTorch engine through DJL: devices, dtypes, tensors and their scopes, grad mode, generated TorchScript kernels, and calling
 * any torch function by name. It does not know modules, models or graphs; every room that uses tensors builds on it.
 */
@NullMarked
package io.sightline.engine;

import org.jspecify.annotations.NullMarked;

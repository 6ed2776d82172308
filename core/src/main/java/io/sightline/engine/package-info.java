/**
 * The PyTorch engine through DJL: devices, dtypes, tensors and their scopes, grad mode, generated TorchScript kernels, and calling
 * any torch function by name. It knows nothing of modules, models or graphs; every other room that touches a tensor builds on it.
 */
@NullMarked
package io.sightline.engine;

import org.jspecify.annotations.NullMarked;

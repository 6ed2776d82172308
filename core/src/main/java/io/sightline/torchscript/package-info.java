/**
 * TorchScript archives ({@code .pt} from {@code torch.jit.save}) as models: the module tree with its weights, read from the file, and the
 * forward code of every module, run statement by statement, so that each submodule call is a module call with hooks.
 *
 * <p>Nothing in the file is handed to libtorch's own loader: the pickle is read as data, the code is parsed here, and only torch's
 * operations run. {@code docs/TORCHSCRIPT.md} says which constructs are run. Hugging Face checkpoints are {@code family}'s; the archives
 * that {@code engine} writes for its kernels are another matter.
 */
@NullMarked
package io.sightline.torchscript;

import org.jspecify.annotations.NullMarked;

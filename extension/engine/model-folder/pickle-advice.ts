/** How to convert a PyTorch pickle to safetensors. */

/**
 * A command to execute in the pickle's folder. It copies tensors by name, because loading the model as a transformers
 * class would drop a head that the class does not have and initialize a random one. It clones them because safetensors
 * does not accept tensors that share memory.
 *
 * @param pickles a file, or a glob pattern of shards
 */
export function conversionCommand(pickles: string, target: string): string {
  return (
    'python -c "import glob, torch; from safetensors.torch import save_file; ' +
    `save_file({name: tensor.clone().contiguous() for file in sorted(glob.glob('${pickles}')) ` +
    "for name, tensor in torch.load(file, map_location='cpu', weights_only=True).items()}, " +
    `'${target}', metadata={'format': 'pt'})"`
  );
}

/** Explains why a pickle is refused, and how to convert it. @param pickles as for `conversionCommand` */
export function pickleAdvice(pickles: string, target: string): string {
  return (
    "a pickle that could run code when opened, so it is refused; if you trust it, convert it once " +
    `with this command in its folder: ${conversionCommand(pickles, target)}`
  );
}

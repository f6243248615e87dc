/** How a PyTorch pickle becomes safetensors. */

/**
 * A command to run in the pickle's folder. It copies tensors by their names: loading the model as a class of
 * transformers would drop a head that the class does not know, and make up a random one. Copies also part tensors that
 * share memory, which safetensors refuses.
 *
 * @param pickles a file, or a pattern for the shards of one
 */
export function conversionCommand(pickles: string, target: string): string {
  return (
    'python -c "import glob, torch; from safetensors.torch import save_file; ' +
    `save_file({name: tensor.clone().contiguous() for file in sorted(glob.glob('${pickles}')) ` +
    "for name, tensor in torch.load(file, map_location='cpu', weights_only=True).items()}, " +
    `'${target}', metadata={'format': 'pt'})"`
  );
}

/** What to say of a pickle that is refused. @param pickles as for `conversionCommand` */
export function pickleAdvice(pickles: string, target: string): string {
  return (
    "a pickle that could run code when opened, so it is refused; if you trust it, convert its tensors once " +
    `by running this in its folder: ${conversionCommand(pickles, target)}`
  );
}

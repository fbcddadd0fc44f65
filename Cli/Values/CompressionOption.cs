using System.CommandLine;

namespace Orleans.Pipeline.Cli.Values;

/// <summary>The option that chooses the compression of batches.</summary>
internal static class CompressionOption
{
    private static readonly Dictionary<string, Compression> Codecs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["none"] = Compression.None,
        ["gzip"] = Compression.Gzip,
    };

    /// <summary>Creates it.</summary>
    public static Option<Compression> Create()
    {
        var option = new Option<Compression>("--compression", "-z")
        {
            HelpName = "CODEC",
            Description = $"The compression of batches: {string.Join(" or ", Codecs.Keys)}.",
            DefaultValueFactory = static _ => Compression.None,
            CustomParser = static result =>
            {
                var text = result.Tokens[^1].Value;
                if (!Codecs.TryGetValue(text, out var codec))
                {
                    result.AddError($"'{text}' is not a codec. Give {string.Join(" or ", Codecs.Keys)}.");
                }

                return codec;
            },
        };
        option.CompletionSources.Add(Codecs.Keys.ToArray());
        return option;
    }
}

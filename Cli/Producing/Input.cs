using Orleans.Pipeline.Cli.Connections;
using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Records;

namespace Orleans.Pipeline.Cli.Producing;

/// <summary>The input of an upload: a file or standard input. Gzip is unpacked.</summary>
internal sealed class Input : IDisposable
{
    private static readonly byte[] GzipMagic = [0x1F, 0x8B];

    private readonly Stream _raw;

    private Input(Stream raw, Stream data, long? length) => (_raw, Data, Length) = (raw, data, length);

    public Stream Data { get; }

    /// <summary>The length of the file in bytes, before unpacking; null if unknown.</summary>
    public long? Length { get; }

    /// <summary>The bytes of the file that were read, before unpacking; 0 if the length is unknown.</summary>
    public long Position => Length is null ? 0 : _raw.Position;

    /// <summary>Whether a person types the input at a terminal.</summary>
    public bool IsTyped { get; private init; }

    /// <param name="path">The file; null or <c>-</c> for standard input.</param>
    /// <param name="cancellationToken">Stops waiting for input.</param>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static async Task<Input> OpenAsync(string? path, CancellationToken cancellationToken)
    {
        if (path is null or "-")
        {
            var standard = Console.OpenStandardInput();
            return Console.IsInputRedirected
                ? await PeekAsync(standard, length: null, cancellationToken)
                : new(standard, standard, length: null) { IsTyped = true };
        }

        try
        {
            var file = new FileStream(SecretFile.Expand(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 64 << 10);
            return await PeekAsync(file, file.CanSeek ? file.Length : null, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"The file {path} cannot be read: {fault.Message}");
        }
    }

    public void Dispose() => _raw.Dispose();

    private static async Task<Input> PeekAsync(Stream raw, long? length, CancellationToken cancellationToken)
    {
        var first = new byte[GzipMagic.Length];
        var count = 0;
        while (count < first.Length)
        {
            var read = await raw.ReadAsync(first.AsMemory(count), CancellationToken.None).AsTask().WaitAsync(cancellationToken);
            if (read == 0)
            {
                break;
            }

            count += read;
        }

        var whole = new PrefixedStream(first.AsMemory(0, count), raw);
        return new(
            raw, first.AsSpan(0, count).SequenceEqual(GzipMagic) ? new WholeGzipStream(whole) : whole, length);
    }
}

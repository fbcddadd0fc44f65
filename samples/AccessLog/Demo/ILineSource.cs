namespace AccessLog.Demo;

/// <summary>Where the lines that are pushed come from.</summary>
internal interface ILineSource
{
    /// <summary>How much of the lines was read, from 0 to 1.</summary>
    double Share { get; }

    /// <summary>Reads the lines, without their ends. Each one's bytes are valid until the next is asked for.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);
}

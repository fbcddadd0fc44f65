namespace AccessLog.Demo;

/// <summary>The source of the lines to send.</summary>
internal interface ILineSource
{
    /// <summary>The share of the lines that was read, from 0 to 1.</summary>
    double Share { get; }

    /// <summary>Reads the lines, without their ends. A line's bytes are valid until the next line is read.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);
}

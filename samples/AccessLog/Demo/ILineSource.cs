namespace AccessLog.Demo;

/// <summary>The source of the lines to push.</summary>
internal interface ILineSource
{
    /// <summary>How much of the lines was read, from 0 to 1.</summary>
    double Share { get; }

    /// <summary>Reads the lines, without their ends. A line's bytes are valid until the next line is read.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);
}

namespace AccessLog;

/// <summary>One request, as a web server logged it.</summary>
public sealed record AccessLogEntry
{
    /// <summary>The client's address or host name.</summary>
    public required Utf8Text Address { get; init; }

    /// <summary>When the request came in.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The method; <c>-</c> if the client sent something that is no HTTP request.</summary>
    public required string Method { get; init; }

    /// <summary>The path and query; all that the client sent, if that is no HTTP request.</summary>
    public required Utf8Text Path { get; init; }

    /// <summary>The status answered.</summary>
    public required int Status { get; init; }

    /// <summary>The bytes of the answer's body; 0 where the log has a dash.</summary>
    public required long Bytes { get; init; }

    /// <summary>The page that the client came from; <c>-</c> if it did not say.</summary>
    public required Utf8Text Referrer { get; init; }

    /// <summary>The program that asked; <c>-</c> if it did not say.</summary>
    public required Utf8Text UserAgent { get; init; }
}

namespace Orleans.Pipeline.Gateway;

/// <summary>What a request to the HTTP API may take.</summary>
public sealed class GatewayLimits
{
    /// <summary>The most bytes of a request's body; at least <see cref="BatchBytes"/>. A streamed NDJSON body may be longer. Default 16 MiB.</summary>
    public int RequestBytes { get; set; } = 16 << 20;

    /// <summary>The most bytes of one record: key, value, headers and their lengths. Default 1 MiB.</summary>
    public int RecordBytes { get; set; } = RecordLimits.Default.RecordBytes;

    /// <summary>The most headers of one record. Default 256.</summary>
    public int RecordHeaders { get; set; } = RecordLimits.Default.Headers;

    /// <summary>The most bytes of a batch as it travels, header included. Default 8 MiB.</summary>
    public int BatchBytes { get; set; } = RecordLimits.Default.BatchBytes;

    /// <summary>The most bytes of a batch's records after decompression. Default 32 MiB.</summary>
    public int DecompressedBytes { get; set; } = RecordLimits.Default.DecompressedBytes;

    /// <summary>
    /// How many bytes of records an upload of newline-delimited JSON gathers before it appends them. A body with fewer is appended whole or
    /// not at all; a longer one is appended as it arrives, and takes up to four times as much memory however long it is. Default 4 MiB.
    /// </summary>
    public int UploadBufferBytes { get; set; } = 4 << 20;

    /// <summary>
    /// How long an upload that has begun waits, reading no further, while its topic is over its lag limit; then it ends with status 429 and
    /// the number of lines that were appended. Default 30 seconds.
    /// </summary>
    public TimeSpan UploadWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most bytes of batches that a read answers with, unless a single batch is larger. Default 4 MiB.</summary>
    public int ReadBytes { get; set; } = 4 << 20;

    /// <summary>The longest that a read waits at the end of a partition, whatever it asks for; at most an hour. Default 30 seconds.</summary>
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a tail sends nothing before it sends a comment, so that nobody takes the connection for dead. Default 15 seconds.</summary>
    public TimeSpan TailHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The most requests in flight at once, other than those that wait; one more is answered 503. Default 1,000.</summary>
    public int RequestsInFlight { get; set; } = 1000;

    /// <summary>The most requests in flight at once that read, tail or drain, and so may wait; one more is answered 503. Default 10,000.</summary>
    public int WaitsInFlight { get; set; } = 10_000;

    /// <summary>
    /// The most bytes of memory that the bodies of all requests in flight have together, and what reads and tails have read and not sent yet;
    /// at least <see cref="RequestBytes"/>. A request that needs more is answered 503, and a tail waits. Default 256 MiB.
    /// </summary>
    public long BodyBytesInFlight { get; set; } = 256 << 20;

    /// <summary>
    /// The most requests a second that one caller makes, or one address where callers are not known; more are answered 429. 0 for any number.
    /// Default 0.
    /// </summary>
    public int RequestsPerSecond { get; set; }

    /// <summary>
    /// How many requests a caller may make at once after it made fewer, if that is more than <see cref="RequestsPerSecond"/>. Default 0.
    /// </summary>
    public int RequestBurst { get; set; }

    /// <summary>The most connections at once; one more is closed. Default 10,000.</summary>
    public int Connections { get; set; } = 10_000;

    /// <summary>The most bytes of a request's first line, which has its path and query. Default 8 KiB.</summary>
    public int RequestLineBytes { get; set; } = 8 << 10;

    /// <summary>The most headers of a request. Default 100.</summary>
    public int RequestHeaders { get; set; } = 100;

    /// <summary>The most bytes of a request's headers. Default 32 KiB.</summary>
    public int RequestHeaderBytes { get; set; } = 32 << 10;

    /// <summary>The longest that a client may take to send a request's headers. Default 30 seconds.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection without requests is kept. Default 130 seconds.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>The least bytes a second that a client must send of a body while the gateway reads it; 0 for any speed. Default 240.</summary>
    public int RequestBytesPerSecond { get; set; } = 240;

    /// <summary>The least bytes a second that a client must take of an answer; 0 for any speed. Default 240.</summary>
    public int ResponseBytesPerSecond { get; set; } = 240;

    /// <summary>How long a client may be slower than <see cref="RequestBytesPerSecond"/> and <see cref="ResponseBytesPerSecond"/>; more than a second. Default 5 seconds.</summary>
    public TimeSpan RateGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The limits on records and batches, as those that check them take them.</summary>
    internal RecordLimits Records => new() { RecordBytes = RecordBytes, BatchBytes = BatchBytes, DecompressedBytes = DecompressedBytes, Headers = RecordHeaders };
}

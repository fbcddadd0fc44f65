namespace Orleans.Pipeline.Gateway;

/// <summary>The limits of the HTTP API.</summary>
public sealed class GatewayLimits
{
    /// <summary>
    /// The most bytes of a request's body; at least <see cref="BatchBytes"/>. A streamed NDJSON body may be longer. Default 16 MiB.
    /// </summary>
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
    /// How long an upload that has begun waits while its topic is over its lag limit. Meanwhile it reads no more. Then it ends with status
    /// 429 and the number of lines that were appended. Default 30 seconds.
    /// </summary>
    public TimeSpan UploadWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the lines of an upload without a declared length wait to be appended together. 0 appends what has arrived at once. Default
    /// 1 second.
    /// </summary>
    public TimeSpan UploadLinger { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long an upload of newline-delimited JSON may send no whole line; then it ends with status 408. An empty line counts. A line that
    /// arrives at <see cref="RequestBytesPerSecond"/> or faster may take longer. Default 30 seconds.
    /// </summary>
    public TimeSpan UploadLineTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most bytes of batches that a read returns. A single batch may be larger. Default 4 MiB.</summary>
    public int ReadBytes { get; set; } = 4 << 20;

    /// <summary>The longest wait of a read at the end of a partition, at most an hour. Default 30 seconds.</summary>
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a tail sends nothing before it sends a comment, which shows that the connection is alive. Default 15 seconds.
    /// </summary>
    public TimeSpan TailHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The most requests in flight at once, without those that wait. Further requests get status 503. Default 1,000.</summary>
    public int RequestsInFlight { get; set; } = 1000;

    /// <summary>
    /// The most requests in flight at once that read, tail or drain, and so may wait. Further requests get status 503. Default 10,000.
    /// </summary>
    public int WaitsInFlight { get; set; } = 10_000;

    /// <summary>
    /// The most bytes of memory for the bodies of all requests in flight, and for what reads and tails have read and not sent yet; at least
    /// <see cref="RequestBytes"/>. A request that needs more gets status 503, and a tail waits. Default 256 MiB.
    /// </summary>
    public long BodyBytesInFlight { get; set; } = 256 << 20;

    /// <summary>
    /// The most requests per second of one caller, or of one address without authentication. Further requests get status 429. 0 means no
    /// limit. Default 0.
    /// </summary>
    public int RequestsPerSecond { get; set; }

    /// <summary>
    /// How many requests a caller may make at once after a quiet time, if more than <see cref="RequestsPerSecond"/>. Default 0.
    /// </summary>
    public int RequestBurst { get; set; }

    /// <summary>The most connections at once. Further connections are closed. Default 10,000.</summary>
    public int Connections { get; set; } = 10_000;

    /// <summary>The most bytes of a request's first line, with path and query. Default 8 KiB.</summary>
    public int RequestLineBytes { get; set; } = 8 << 10;

    /// <summary>The most headers of a request. Default 100.</summary>
    public int RequestHeaders { get; set; } = 100;

    /// <summary>The most bytes of a request's headers. Default 32 KiB.</summary>
    public int RequestHeaderBytes { get; set; } = 32 << 10;

    /// <summary>How long a client may take to send a request's headers. Default 30 seconds.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection without requests is kept. Default 130 seconds.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>
    /// The minimum rate at which a client must send a body, in bytes per second; 0 means no minimum. An upload of newline-delimited JSON
    /// may be slower: see <see cref="UploadLineTimeout"/>. Default 240.
    /// </summary>
    public int RequestBytesPerSecond { get; set; } = 240;

    /// <summary>The minimum rate at which a client must receive a response, in bytes per second; 0 means no minimum. Default 240.</summary>
    public int ResponseBytesPerSecond { get; set; } = 240;

    /// <summary>
    /// How long a client may be slower than <see cref="RequestBytesPerSecond"/> and <see cref="ResponseBytesPerSecond"/>; more than a
    /// second. Default 5 seconds.
    /// </summary>
    public TimeSpan RateGrace { get; set; } = TimeSpan.FromSeconds(5);

    internal RecordLimits Records =>
        new() { RecordBytes = RecordBytes, BatchBytes = BatchBytes, DecompressedBytes = DecompressedBytes, Headers = RecordHeaders };
}

using System.Diagnostics.CodeAnalysis;
using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline;

/// <summary>
/// A destination for the values of a stage, of any type. <c>using static Orleans.Pipeline.Sink;</c> lets a definition read
/// <c>.To(Topic("orders"))</c>.
/// </summary>
public abstract class Sink
{
    private static readonly TimeSpan DefaultFileTime = TimeSpan.FromSeconds(5);

    private protected Sink()
    {
    }

    /// <summary>Writes to a topic. The values commit with the offset, exactly once.</summary>
    /// <param name="name">The topic; it is created if it does not exist.</param>
    /// <param name="partitions">
    /// The number of partitions if the topic must be created, 1 to 1,024; null for as many as the stage's source has.
    /// </param>
    public static Sink Topic(string name, int? partitions = null) => new TopicSink(name, partitions);

    /// <summary>
    /// Returns a sink that writes JSON lines to files of a directory, exactly once: each file is named by task and first offset, written
    /// under another name, flushed to the disk, and renamed when it is whole.
    /// </summary>
    /// <param name="directory">The directory; it is created if it does not exist.</param>
    /// <param name="fileBytes">
    /// The bytes of records read after which a file is written, at most half of the task's read-ahead. Default 8 MiB.
    /// </param>
    /// <param name="fileTime">
    /// The most time that a record waits for more before its file is written, and the stage's commit with it; null for 5 seconds. Zero
    /// writes a file with every commit.
    /// </param>
    [SuppressMessage("Naming", "CA1720", Justification = "JSON lines is the format's name.")]
    public static Sink JsonLines(string directory, long fileBytes = 8 << 20, TimeSpan? fileTime = null) =>
        new JsonLinesSink(directory, new(fileBytes, fileTime ?? DefaultFileTime), FolderFlush.Flush);

    /// <summary>Writes lines of JSON (or of the raw bytes) to standard output, at least once.</summary>
    public static Sink Console() => new ConsoleSink(System.Console.OpenStandardOutput);

    internal abstract BoundSink<T> Bind<T>(SinkBinding<T> binding);
}

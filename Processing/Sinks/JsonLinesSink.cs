using System.Globalization;

namespace Orleans.Pipeline.Sinks;

/// <summary>
/// Writes files named <c>pipeline~stage~partition~firstoffset.jsonl</c> (no name contains a tilde). A delivery is written to a <c>.part</c>
/// file, flushed to the disk and renamed, and the folder is flushed, all before the offset commits. A repeat of the delivery renames over
/// the same name. When a task starts, files at or after its start offset and part files are removed. So once the task runs, each committed
/// record is in exactly one file, and no other record is.
/// </summary>
/// <param name="directory">The folder.</param>
/// <param name="pace">How long a file waits for more records.</param>
/// <param name="flush">Writes the entries of a folder to the disk.</param>
internal sealed class JsonLinesSink(string directory, DeliveryPace pace, Action<string> flush) : Sink
{
    private static readonly TimeSpan MaximumWait = TimeSpan.FromHours(1);

    internal override BoundSink<T> Bind<T>(SinkBinding<T> binding)
    {
        if (string.IsNullOrWhiteSpace(directory))
        {
            throw binding.Invalid("its JSON-lines sink has no directory. Name one.");
        }

        if (pace.Bytes < 1 || pace.Time < TimeSpan.Zero || pace.Time > MaximumWait)
        {
            throw binding.Invalid(
                $"its JSON-lines sink has files of {pace.Bytes} bytes or {pace.Time}; give 1 byte or more, and 0 to {MaximumWait}.");
        }

        var files = new Files<T>(Path.GetFullPath(directory), binding.Serializer, pace, flush);
        return new DeliverySink<T>($"To({directory})", _ => files);
    }

    private sealed class Files<T>(string directory, ISerializer<T> serializer, DeliveryPace pace, Action<string> flush) : ISink<T>
    {
        private const string Extension = ".jsonl";
        private const string PartExtension = ".part";

        public DeliveryPace? Pace => pace;

        public ValueTask OpenAsync(TaskId task, long nextOffset, CancellationToken cancellationToken)
        {
            Create(new DirectoryInfo(directory));
            foreach (var file in Directory.EnumerateFiles(directory, PrefixOf(task) + "*"))
            {
                if (file.EndsWith(PartExtension, StringComparison.Ordinal) || FirstOffsetOf(file, task) >= nextOffset)
                {
                    File.Delete(file);
                }
            }

            return ValueTask.CompletedTask;
        }

        public async ValueTask WriteAsync(Delivery<T> delivery, CancellationToken cancellationToken)
        {
            var lines = Lines.Of(delivery, serializer);
            var path = Path.Combine(
                directory, string.Create(CultureInfo.InvariantCulture, $"{PrefixOf(delivery.Task)}{delivery.FirstOffset:D19}{Extension}"));
            var part = path + PartExtension;
            await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
            {
                await file.WriteAsync(lines, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(part, path, overwrite: true);
            flush(directory);
        }

        /// <summary>Creates a folder and those above it, each durably.</summary>
        private void Create(DirectoryInfo folder)
        {
            if (!folder.Exists && folder.Parent is { } parent)
            {
                Create(parent);
                folder.Create();
                flush(parent.FullName);
            }
        }

        private static string PrefixOf(TaskId task) => $"{task.Pipeline}~{task.Stage}~{task.Partition}~";

        private static long FirstOffsetOf(string file, TaskId task) =>
            long.TryParse(
                Path.GetFileName(file)[PrefixOf(task).Length..^Extension.Length],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var offset) ? offset : -1;
    }
}

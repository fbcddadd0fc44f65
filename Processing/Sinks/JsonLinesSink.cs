using System.Globalization;

namespace Orleans.Pipeline.Sinks;

/// <summary>
/// Writes files named <c>pipeline~stage~partition~firstoffset.jsonl</c> (no name contains a tilde). A delivery is written to a
/// <c>.part</c> file, flushed to the disk and renamed; a repeated delivery replaces the file of the same name. When a task opens the
/// sink, its part files and its files at or after the next offset are removed. So, once the task continues, each committed record is in
/// exactly one file, and no other record is in any.
/// </summary>
internal sealed class JsonLinesSink(string directory) : Sink
{
    internal override BoundSink<T> Bind<T>(SinkBinding<T> binding)
    {
        if (string.IsNullOrWhiteSpace(directory))
        {
            throw binding.Invalid("its JSON-lines sink has no directory. Name one.");
        }

        var files = new Files<T>(Path.GetFullPath(directory), binding.Serializer);
        return new DeliverySink<T>($"To({directory})", _ => files);
    }

    private sealed class Files<T>(string directory, ISerializer<T> serializer) : ISink<T>
    {
        private const string Extension = ".jsonl";
        private const string PartExtension = ".part";

        public ValueTask OpenAsync(TaskId task, long nextOffset, CancellationToken cancellationToken)
        {
            Directory.CreateDirectory(directory);
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

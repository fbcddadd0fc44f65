namespace Orleans.Pipeline.Bench.Measuring;

/// <summary>A folder on the disk under test, gone afterwards.</summary>
internal sealed class BenchFolder : IDisposable
{
    private int _files;

    public BenchFolder(string parent)
    {
        Path = System.IO.Path.Combine(parent, $"pipeline-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string NewFile() => System.IO.Path.Combine(Path, $"{_files++}.db");

    /// <summary>Removes what a run left, so that no run pays for another's pages.</summary>
    public void Clear()
    {
        foreach (var file in Directory.EnumerateFiles(Path))
        {
            File.Delete(file);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

using Orleans.Pipeline.Embedded;
using Orleans.Pipeline.Storage.Sqlite;

namespace Orleans.Pipeline.Bench;

/// <summary>A folder on the disk under test. Disposal removes it.</summary>
internal sealed class BenchFolder : IDisposable
{
    private readonly int? _pageBytes;
    private readonly long? _segmentGroupBytes;
    private int _files;

    public BenchFolder(string parent, int? pageBytes, long? segmentGroupBytes)
    {
        _pageBytes = pageBytes;
        _segmentGroupBytes = segmentGroupBytes;
        Path = System.IO.Path.Combine(parent, $"pipeline-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>The size of the files, in bytes.</summary>
    public long Bytes => new DirectoryInfo(Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public string NewFile() => System.IO.Path.Combine(Path, $"{_files++}.db");

    public SqliteStoreSettings NewStore()
    {
        var settings = new SqliteStoreSettings { Path = NewFile() };
        return settings with
        {
            PageBytes = _pageBytes ?? settings.PageBytes,
            SegmentGroupBytes = _segmentGroupBytes ?? settings.SegmentGroupBytes,
        };
    }

    public EmbeddedSettings NewEngine() => new() { Store = NewStore() };

    /// <summary>Removes the files of a run, so that no run pays for another's pages.</summary>
    public void Clear()
    {
        Directory.Delete(Path, recursive: true);
        Directory.CreateDirectory(Path);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

using System.Diagnostics;

namespace Orleans.Pipeline.Storage.Tests;

/// <summary>A real mount: a small disk in memory, or a file that cannot be written.</summary>
internal sealed class Mount : IDisposable
{
    private Mount(string path) => Path = path;

    public string Path { get; }

    /// <summary>Why nothing can be mounted here; null if it can.</summary>
    public static string? Impediment { get; } = FindImpediment();

    private string Filler => System.IO.Path.Combine(Path, "filler");

    public static Mount TinyDisk(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path);
        return new Mount(path);
    }

    public static Mount ReadOnlyFile(string path)
    {
        Run("mount", "--bind", path, path);
        Run("mount", "-o", "remount,bind,ro", path);
        return new Mount(path);
    }

    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Path);

    /// <summary>Takes up all the space that is left.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                filler.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // full: what was wanted
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Free() => File.Delete(Filler);

    public void Dispose() => Run("umount", Path);

    private static string? FindImpediment()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "needs Linux and root, to mount a small disk";
        }

        using var directory = new TemporaryDirectory();
        try
        {
            using var mount = TinyDisk(directory["probe"], megabytes: 1);
            return null;
        }
        catch (InvalidOperationException refused)
        {
            return $"needs to mount a small disk: {refused.Message}";
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Trim()}");
        }
    }
}

/// <summary>A test that mounts; it is skipped, with the reason, where that is not possible.</summary>
internal sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute() => Skip = Mount.Impediment;
}

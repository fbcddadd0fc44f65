namespace Orleans.Pipeline.Support;

/// <summary>Root may write any file; a process that root starts may not, when it is started without root's capabilities.</summary>
public static class Privileges
{
    private const string SetPrivileges = "/usr/bin/setpriv";

    /// <summary>
    /// What to put before a command so that it obeys file permissions; nothing where it does so anyway, or cannot be made to.
    /// </summary>
    public static string[] Drop => IsRoot && File.Exists(SetPrivileges) ? [SetPrivileges, "--bounding-set=-all", "--inh-caps=-all"] : [];

    /// <summary>Whether a started process obeys file permissions.</summary>
    public static bool CanDrop => !IsRoot || Drop.Length > 0;

    private static bool IsRoot => Environment.IsPrivilegedProcess;
}

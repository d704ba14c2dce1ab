; The setup for Windows. packaging/installers/nsis.py runs it through makensis with:
;   VERSION (three numbers), SOURCE (the frozen folder), OUT (the setup), ICON, LICENSE, TITLE (the name, with TRIAL where
;   it is one), SIZE (KB), and, where a release machine signs, SIGN (a command that signs the file it is given).

Unicode true
Target amd64-unicode
!ifdef QUICK
  ; To try a setup, not to hand it out: made in seconds, and half as large again
  SetCompressor /SOLID zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!endif
ManifestSupportedOS all
ManifestDPIAware true
ManifestLongPathAware true
SetDateSave on
CRCCheck force

!define ID "ondemand-sync"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
; Windows Server 2019 and Windows 10 of October 2018: Qt asks for it
!define OLDEST_BUILD 17763

!define MULTIUSER_EXECUTIONLEVEL Highest
!define MULTIUSER_MUI
!define MULTIUSER_USE_PROGRAMFILES64
!define MULTIUSER_INSTALLMODE_COMMANDLINE
!define MULTIUSER_INSTALLMODE_INSTDIR "On-Demand Sync"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_KEY "${UNINSTALL}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_VALUENAME "InstallLocation"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_KEY "${UNINSTALL}"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_VALUENAME "InstallLocation"

!include MultiUser.nsh
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include WordFunc.nsh
!include x64.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh

Name "${TITLE}"
OutFile "${OUT}"
BrandingText "${TITLE} ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "${TITLE}"
VIAddVersionKey FileDescription "${TITLE}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey LegalCopyright "Apache License 2.0"
!ifdef SIGN
  !uninstfinalize '${SIGN}' = 0
  !finalize '${SIGN}' = 0
!endif

Var GivenFolder
Var Parameters
Var WithData
Var DataBox
Var Kept

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\${ID}.exe"
!insertmacro MUI_PAGE_LICENSE "${LICENSE}"
!insertmacro MULTIUSER_PAGE_INSTALLMODE
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
UninstPage custom un.AskForData un.TakeAnswer
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "French"

LangString TooOld ${LANG_ENGLISH} "On-Demand Sync needs Windows Server 2019, 2022 or 2025, or Windows 10 (1809) or later. Nothing was installed."
LangString TooOld ${LANG_FRENCH} "On-Demand Sync exige Windows Server 2019, 2022 ou 2025, ou Windows 10 (1809) ou plus récent. Rien n’a été installé."
LangString Newer ${LANG_ENGLISH} "A newer version is installed: $R1. This is ${VERSION}. A newer version may have written what an older one cannot read, so it is not replaced."
LangString Newer ${LANG_FRENCH} "Une version plus récente est installée : $R1. Celle-ci est la ${VERSION}. Une version plus récente peut avoir écrit ce qu’une plus ancienne ne sait pas lire; elle n’est donc pas remplacée."
LangString Open ${LANG_ENGLISH} "On-Demand Sync is open. Close it, in the tray too, then try again."
LangString Open ${LANG_FRENCH} "On-Demand Sync est ouvert. Fermez-le, dans la zone de notification aussi, puis réessayez."
LangString TheProgram ${LANG_ENGLISH} "The program and the Start menu"
LangString TheProgram ${LANG_FRENCH} "Le programme et le menu Démarrer"
LangString OnDesktop ${LANG_ENGLISH} "An icon on the desktop"
LangString OnDesktop ${LANG_FRENCH} "Une icône sur le bureau"
LangString AtSignIn ${LANG_ENGLISH} "Start in the tray at sign-in"
LangString AtSignIn ${LANG_FRENCH} "Démarrer dans la zone de notification à l’ouverture de session"
LangString Training ${LANG_ENGLISH} "Practise with the training company"
LangString Training ${LANG_FRENCH} "S’exercer avec l’entreprise d’exercice"
LangString DataTitle ${LANG_ENGLISH} "Your companies"
LangString DataTitle ${LANG_FRENCH} "Vos entreprises"
LangString DataText ${LANG_ENGLISH} "Settings, companies, ledgers, reports and secrets of this user are kept, unless you say otherwise. The ledger is what an auditor asks for."
LangString DataText ${LANG_FRENCH} "Les réglages, les entreprises, les registres, les rapports et les secrets de cet utilisateur sont gardés, à moins d’avis contraire. Le registre est ce qu’un auditeur demande."
LangString DataBoxText ${LANG_ENGLISH} "&Delete them too: this cannot be undone"
LangString DataBoxText ${LANG_FRENCH} "&Les supprimer aussi : c’est sans retour"

LangString SomeKept ${LANG_ENGLISH} "These companies were kept, because their saved passwords could not be deleted: $Kept. Install On-Demand Sync again and delete them there, or delete the passwords in Windows Credential Manager (ondemand-sync/…)."
LangString SomeKept ${LANG_FRENCH} "Ces entreprises ont été gardées, parce que leurs mots de passe enregistrés n’ont pas pu être supprimés : $Kept. Réinstallez On-Demand Sync et supprimez-les là, ou supprimez les mots de passe dans le Gestionnaire d’identification de Windows (ondemand-sync/…)."

; Exit codes of a silent call: 0 done, 2 stopped, 3 a newer version is there, 4 it is open, 5 Windows is too old, 6 removed,
; but companies whose secrets could not be taken out were kept
!macro Refuse code text
  IfSilent +2
  MessageBox MB_OK|MB_ICONSTOP "${text}"
  SetErrorLevel ${code}
  Quit
!macroend

!macro RefuseWhileOpen un
  ${un}again:
  ClearErrors
  ${If} ${FileExists} "$INSTDIR\${ID}.exe"
    FileOpen $0 "$INSTDIR\${ID}.exe" a
    ${If} ${Errors}
      ${IfNot} ${Silent}
        MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(Open)" IDRETRY ${un}again
      ${EndIf}
      SetErrorLevel 4
      Quit
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

Function .onInit
  SetRegView 64
  ${GetParameters} $Parameters
  ClearErrors
  ${GetOptions} $Parameters "/LANG=" $0
  ${IfNot} ${Errors}
    StrCpy $LANGUAGE $0
  ${EndIf}
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastBuild} ${OLDEST_BUILD}
    !insertmacro Refuse 5 "$(TooOld)"
  ${EndIf}
  StrCpy $GivenFolder $INSTDIR
  !insertmacro MULTIUSER_INIT
  ${If} $GivenFolder != ""
    StrCpy $INSTDIR $GivenFolder
  ${EndIf}
  Call ChooseSections
FunctionEnd

; What was there before stays; a silent call says it by /DESKTOP=0 or 1 and /TRAY=0 or 1
Function ChooseSections
  ReadRegStr $0 SHCTX "${UNINSTALL}" "Desktop"
  ${GetOptions} $Parameters "/DESKTOP=" $1
  ${If} $1 != ""
    StrCpy $0 $1
  ${EndIf}
  ${If} $0 == "1"
    !insertmacro SelectSection 1
  ${EndIf}
  ReadRegStr $0 SHCTX "${UNINSTALL}" "Tray"
  ${GetOptions} $Parameters "/TRAY=" $1
  ${If} $1 != ""
    StrCpy $0 $1
  ${EndIf}
  ${If} $0 == "1"
    !insertmacro SelectSection 2
  ${EndIf}
FunctionEnd

; The name under which the task bar and notifications know the program, in a shortcut: $R8 its path
Function NameShortcut
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
    ${If} $1 P<> 0
      ${IPersistFile::Load} $1 '("$R8",${STGM_READWRITE})'
      ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r2)'
      ${If} $2 P<> 0
        System::Call 'OLEAUT32::SysAllocString(w "${ID}")p.r3'
        System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r4'
        System::Call '*(&i2 ${VT_BSTR},&i2 0,&i2 0,&i2 0,p r3,p 0)p.r5'
        ${IPropertyStore::SetValue} $2 '(r4,r5)'
        ${IPropertyStore::Commit} $2 ""
        System::Call 'OLEAUT32::SysFreeString(p r3)'
        System::Free $4
        System::Free $5
        ${IPersistFile::Save} $1 '("$R8",1)'
        ${IUnknown::Release} $2 ""
      ${EndIf}
      ${IUnknown::Release} $1 ""
    ${EndIf}
    ${IUnknown::Release} $0 ""
  ${EndIf}
FunctionEnd

Section "$(TheProgram)" PROGRAM
  SectionIn RO
  SetRegView 64
  ReadRegStr $R1 SHCTX "${UNINSTALL}" "DisplayVersion"
  ${If} $R1 != ""
    ${VersionCompare} "$R1" "${VERSION}" $R2
    ${If} $R2 == 1
      !insertmacro Refuse 3 "$(Newer)"
    ${EndIf}
  ${EndIf}
  !insertmacro RefuseWhileOpen ""
  ; Nothing of an older version stays among the program's own files; what a person keeps lies elsewhere
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${SOURCE}\*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateDirectory "$SMPROGRAMS\On-Demand Sync"
  CreateShortcut "$SMPROGRAMS\On-Demand Sync\On-Demand Sync.lnk" "$INSTDIR\${ID}.exe"
  StrCpy $R8 "$SMPROGRAMS\On-Demand Sync\On-Demand Sync.lnk"
  Call NameShortcut
  CreateShortcut "$SMPROGRAMS\On-Demand Sync\$(Training).lnk" "$INSTDIR\${ID}.exe" "window --training"
  StrCpy $R8 "$SMPROGRAMS\On-Demand Sync\$(Training).lnk"
  Call NameShortcut

  WriteRegStr SHCTX "${UNINSTALL}" "DisplayName" "${TITLE}"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayIcon" "$INSTDIR\${ID}.exe"
  WriteRegStr SHCTX "${UNINSTALL}" "Publisher" "On-Demand Sync"
  WriteRegStr SHCTX "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode'
  WriteRegStr SHCTX "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode /S'
  WriteRegDWORD SHCTX "${UNINSTALL}" "EstimatedSize" ${SIZE}
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoRepair" 1
  WriteRegStr SHCTX "${UNINSTALL}" "Desktop" "0"
  WriteRegStr SHCTX "${UNINSTALL}" "Tray" "0"
  Delete "$DESKTOP\On-Demand Sync.lnk"
  DeleteRegValue SHCTX "${RUN}" "${ID}"
SectionEnd

Section /o "$(OnDesktop)" ON_DESKTOP
  CreateShortcut "$DESKTOP\On-Demand Sync.lnk" "$INSTDIR\${ID}.exe"
  StrCpy $R8 "$DESKTOP\On-Demand Sync.lnk"
  Call NameShortcut
  WriteRegStr SHCTX "${UNINSTALL}" "Desktop" "1"
SectionEnd

Section /o "$(AtSignIn)" AT_SIGN_IN
  WriteRegStr SHCTX "${RUN}" "${ID}" '"$INSTDIR\${ID}.exe" window --in-tray'
  WriteRegStr SHCTX "${UNINSTALL}" "Tray" "1"
SectionEnd

; ---------------------------------------------------------------- uninstall

Function un.onInit
  SetRegView 64
  !insertmacro MULTIUSER_UNINIT
  ${GetParameters} $Parameters
  StrCpy $WithData "0"
  ClearErrors
  ${GetOptions} $Parameters "/REMOVEDATA" $0
  ${IfNot} ${Errors}
    StrCpy $WithData "1"
  ${EndIf}
FunctionEnd

Function un.AskForData
  !insertmacro MUI_HEADER_TEXT "$(DataTitle)" ""
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 40u "$(DataText)"
  Pop $0
  ${NSD_CreateCheckbox} 0 48u 100% 12u "$(DataBoxText)"
  Pop $DataBox
  ${If} $WithData == "1"
    ${NSD_Check} $DataBox
  ${EndIf}
  nsDialogs::Show
FunctionEnd

Function un.TakeAnswer
  ${NSD_GetState} $DataBox $0
  StrCpy $WithData $0
FunctionEnd

; Where the program could not take a company's secrets out (its file is broken, another program has it open, IT laid it
; down), its file and folder stay: without them nobody would know that the secrets are still there.
Function un.RemoveData
  StrCpy $Kept ""
  FindFirst $0 $1 "$LOCALAPPDATA\${ID}\profiles\*.toml"
  ${DoWhile} $1 != ""
    StrCpy $2 $1 -5
    nsExec::ExecToLog '"$INSTDIR\${ID}-cli.exe" profile delete "$2" --yes'
    Pop $3
    ${If} $3 == "0"
      Delete "$LOCALAPPDATA\${ID}\profiles\$1"
    ${ElseIf} $Kept == ""
      StrCpy $Kept "$2"
    ${Else}
      StrCpy $Kept "$Kept, $2"
    ${EndIf}
    FindNext $0 $1
  ${Loop}
  FindClose $0
  ${If} $Kept == ""
    RMDir /r "$LOCALAPPDATA\${ID}"
    Return
  ${EndIf}
  ; All goes but the folders of companies whose file is still there, and these files
  FindFirst $0 $1 "$LOCALAPPDATA\${ID}\companies\*.*"
  ${DoWhile} $1 != ""
    ${If} $1 != "."
    ${AndIf} $1 != ".."
      ${IfNot} ${FileExists} "$LOCALAPPDATA\${ID}\profiles\$1.toml"
        RMDir /r "$LOCALAPPDATA\${ID}\companies\$1"
      ${EndIf}
    ${EndIf}
    FindNext $0 $1
  ${Loop}
  FindClose $0
  FindFirst $0 $1 "$LOCALAPPDATA\${ID}\*.*"
  ${DoWhile} $1 != ""
    ${If} $1 != "."
    ${AndIf} $1 != ".."
    ${AndIf} $1 != "profiles"
    ${AndIf} $1 != "companies"
      RMDir /r "$LOCALAPPDATA\${ID}\$1"
      Delete "$LOCALAPPDATA\${ID}\$1"
    ${EndIf}
    FindNext $0 $1
  ${Loop}
  FindClose $0
  DetailPrint "$(SomeKept)"
  MessageBox MB_OK|MB_ICONEXCLAMATION "$(SomeKept)" /SD IDOK
  SetErrorLevel 6
FunctionEnd

Section "Uninstall"
  SetRegView 64
  !insertmacro RefuseWhileOpen "un."
  ${If} $WithData == "1"
    ; The program itself takes its secrets out of Windows' own store, before it goes
    SetShellVarContext current
    Call un.RemoveData
    ${If} $MultiUser.InstallMode == "AllUsers"
      SetShellVarContext all
    ${EndIf}
  ${EndIf}
  Delete "$SMPROGRAMS\On-Demand Sync\*.lnk"
  RMDir "$SMPROGRAMS\On-Demand Sync"
  Delete "$DESKTOP\On-Demand Sync.lnk"
  DeleteRegValue SHCTX "${RUN}" "${ID}"
  DeleteRegKey SHCTX "${UNINSTALL}"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\${ID}.exe"
  Delete "$INSTDIR\${ID}-cli.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
SectionEnd
